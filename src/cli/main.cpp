#include "cli/command.h"

int main(int count, char** values) {
  return mifa::cli::run_command({values + 1, values + count}, stdout, stderr);
}

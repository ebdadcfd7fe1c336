// Any bytes as a file of an annotation tool: the first byte picks the format, the rest is as in
// annotation_reader.h. Seeds: the vectors, each with three bytes before it
// (seed_annotation_tools.py).
#include <cstdlib>

#include "annotation/readers.h"
#include "annotation/yolo_names.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  if (size < 3) return 0;
  const std::uint8_t* rest = data + 1;
  switch (data[0] % 11) {
    case 0:
      return fuzz_reader(make_coco, sniff_coco, rest, size - 1);
    case 1:
      return fuzz_reader(make_cvat, sniff_cvat, rest, size - 1);
    case 2:
      return fuzz_reader(make_imagej_roi, sniff_imagej_roi, rest, size - 1);
    case 3:
      return fuzz_reader(make_imagej_roi_zip, sniff_imagej_roi_zip, rest, size - 1);
    case 4:
      return fuzz_reader(make_labelme, sniff_labelme, rest, size - 1);
    case 5:
      return fuzz_reader(make_ome_roi, sniff_ome_roi, rest, size - 1);
    case 6:
      return fuzz_reader(make_via, sniff_via, rest, size - 1);
    case 7:
      return fuzz_reader(make_via_csv, sniff_via_csv, rest, size - 1);
    case 8:
      return fuzz_reader(make_voc, sniff_voc, rest, size - 1);
    case 9:
      return fuzz_reader(make_yolo, sniff_yolo, rest, size - 1);
    default: {
      const std::string text(reinterpret_cast<const char*>(rest), size - 1);
      if (find_names({{"a.yaml", text}, {"classes.txt", text}}).keypoints > 1000) std::abort();
      return 0;
    }
  }
}

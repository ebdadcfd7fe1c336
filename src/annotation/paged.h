// A growing array in pages. A vector that doubles holds its elements twice while it grows, and a
// WebAssembly heap never gives back what that took; pages grow by one page.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace mifa::annotation {

template <typename T>
class Paged {
 public:
  static constexpr std::size_t kPage = std::size_t{1} << 14;  // elements

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void push_back(T value) {
    if (size_ == pages_.size() * kPage) pages_.push_back(std::make_unique<T[]>(kPage));
    ++size_;
    (*this)[size_ - 1] = value;
  }
  // Grows (or shrinks) to `size`; new elements are `value`.
  void resize(std::size_t size, T value = {}) {
    while (size_ < size) push_back(value);
    size_ = size;
    pages_.resize((size + kPage - 1) / kPage);
  }
  void clear() {
    pages_.clear();
    size_ = 0;
  }

  // Precondition: index < size().
  T& operator[](std::size_t index) { return pages_[index / kPage][index % kPage]; }
  const T& operator[](std::size_t index) const { return pages_[index / kPage][index % kPage]; }
  // The element and those after it in its page: `count` of them, at least 1. Precondition as above.
  const T* run(std::size_t index, std::size_t& count) const {
    const std::size_t left = kPage - index % kPage;
    count = left < size_ - index ? left : size_ - index;
    return &pages_[index / kPage][index % kPage];
  }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

 private:
  std::vector<std::unique_ptr<T[]>> pages_;
  std::size_t size_ = 0;
};

}  // namespace mifa::annotation

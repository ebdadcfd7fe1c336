// The readers of annotation tools' files, for the table in formats.cpp. What each takes for the
// place of (0, 0) is said, with its source, at the head of its file.
#pragma once

#include <memory>

#include "annotation/format.h"

namespace mifa::annotation {

int sniff_coco(const Head& head);
std::unique_ptr<Reader> make_coco(const ReadOptions& options, LayerBuilder& builder);

int sniff_cvat(const Head& head);
std::unique_ptr<Reader> make_cvat(const ReadOptions& options, LayerBuilder& builder);

int sniff_imagej_roi(const Head& head);
std::unique_ptr<Reader> make_imagej_roi(const ReadOptions& options, LayerBuilder& builder);

// The archive's own bytes: a host has not to open it.
int sniff_imagej_roi_zip(const Head& head);
std::unique_ptr<Reader> make_imagej_roi_zip(const ReadOptions& options, LayerBuilder& builder);

int sniff_labelme(const Head& head);
std::unique_ptr<Reader> make_labelme(const ReadOptions& options, LayerBuilder& builder);

int sniff_ome_roi(const Head& head);
std::unique_ptr<Reader> make_ome_roi(const ReadOptions& options, LayerBuilder& builder);

int sniff_via(const Head& head);
std::unique_ptr<Reader> make_via(const ReadOptions& options, LayerBuilder& builder);

int sniff_via_csv(const Head& head);
std::unique_ptr<Reader> make_via_csv(const ReadOptions& options, LayerBuilder& builder);

int sniff_voc(const Head& head);
std::unique_ptr<Reader> make_voc(const ReadOptions& options, LayerBuilder& builder);

int sniff_yolo(const Head& head);
std::unique_ptr<Reader> make_yolo(const ReadOptions& options, LayerBuilder& builder);

}  // namespace mifa::annotation

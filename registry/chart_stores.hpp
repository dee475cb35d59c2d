// What a version of a chart is published with.
#pragma once

#include "registry/blob_pins.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"

namespace pilothouse::registry {

// All outlive it.
struct chart_stores {
    storage::blob_store& blobs;
    storage::catalogue& catalogue;
    storage::channel_store& channels;
    blob_pins& pins;
};

}  // namespace pilothouse::registry

#include "storage/blob_store.hpp"

#include <unistd.h>

namespace pilothouse::storage {

blob::~blob() {
    if (descriptor >= 0) ::close(descriptor);
}

}  // namespace pilothouse::storage

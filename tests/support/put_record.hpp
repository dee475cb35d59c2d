// Writes a record as it is here, whatever it has become meanwhile.
#pragma once

#include "storage/directory.hpp"

#include <utility>

namespace pilothouse::tests {

template <class Store, class Record>
task<result<Record>> put_record(Store& store, Record record) {
    auto const id = record.id;
    storage::record_change<Record> change = [wanted = std::move(record)](Record& now) {
        now = wanted;
        return result<void>();
    };
    return store.edit(id, std::move(change));
}

}  // namespace pilothouse::tests

// Writes records as they are here, whatever they have become meanwhile.
#pragma once

#include "storage/channel_store.hpp"
#include "storage/directory.hpp"

#include <string>
#include <utility>

namespace pilothouse::tests {

template <class Record>
storage::record_change<Record> becoming(Record record) {
    return [wanted = std::move(record)](Record& now) {
        now = wanted;
        return result<void>();
    };
}

template <class Store, class Record>
task<result<Record>> put_record(Store& store, Record record) {
    auto const id = record.id;
    return store.edit(id, becoming(std::move(record)));
}

inline task<result<storage::protection_rule>> put_rule(storage::protection_store& store,
                                                       storage::project_id project,
                                                       storage::protection_rule rule) {
    auto const id = rule.id;
    return store.edit(project, id, becoming(std::move(rule)));
}

inline task<result<storage::channel_record>> put_settings(storage::channel_store& store,
                                                          storage::project_id project,
                                                          std::string channel,
                                                          storage::channel_settings settings) {
    return store.configure(project, std::move(channel), becoming(std::move(settings)));
}

}  // namespace pilothouse::tests

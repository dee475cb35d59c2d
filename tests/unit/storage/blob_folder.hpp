// A data folder with a blob store on it, and uploads for it.
#pragma once

#include "storage/fs/data_folder.hpp"
#include "storage/fs/fs_blob_store.hpp"
#include "storage/fs/fs_staging_area.hpp"
#include "tests/contract/harness.hpp"

#include <string>

namespace pilothouse::storage::fs {

struct blob_folder {
    blob_folder() : lock(open_data_folder(where, time.now())) { REQUIRE(lock); }

    staged_file stage(std::string const& bytes) {
        auto writer = tests::wait(staging.create());
        tests::wait(writer->write(bytes));
        return tests::wait(writer->finish());
    }

    tests::temp_dir dir;
    tests::fake_clock time;
    layout where{dir.path() / "data"};
    result<folder_lock> lock;
    blocking_pool files{"files", {1, 1}};
    fs_staging_area staging{where, files};
    fs_blob_store blobs{where, files, time};
};

}  // namespace pilothouse::storage::fs

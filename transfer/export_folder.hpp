// Writes a channel as a folder that any static web server can serve as a chart repository.
#pragma once

#include "base/result.hpp"
#include "transfer/house.hpp"
#include "transfer/progress.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace pilothouse::transfer {

struct export_request {
    std::filesystem::path folder;  // made when it is not there
    std::string project, channel;  // by whose export the folder is known again
    std::string base_url;          // in front of every URL of the index; empty: relative ones
};

struct exported {
    std::size_t versions = 0;
    std::size_t files_written = 0;
    std::size_t files_kept = 0;     // they were there already
    std::size_t files_removed = 0;  // of versions that the channel no longer holds
};

// index.yaml, charts/NAME-VERSION.tgz and .prov, and .pilothouse-export, which says whose export
// this is. Every file comes under a temporary name first, and the index last: who reads the folder
// meanwhile reads the old index, whose archives are there until the new one is. Called again after
// whatever interrupted it, it goes on.
//
// errc::conflict: the folder has other content, or is another channel's export. errc::locked:
// another export writes into it. errc::unavailable: as the house has it, or the channel kept
// changing meanwhile. Others: the disk, with the file's name.
[[nodiscard]] result<exported> export_folder(house& from, export_request const& what,
                                             progress& told);

}  // namespace pilothouse::transfer

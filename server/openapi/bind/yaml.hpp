// A YAML file as JSON.
#pragma once

#include <boost/json/value.hpp>

#include <filesystem>

namespace pilothouse::openapi {

// `<<` is a map (or an alias of one) whose keys count where the map itself has none of that name.
// Throws std::runtime_error that names the file and what is wrong with it.
[[nodiscard]] boost::json::value read_yaml(std::filesystem::path const& file);

}  // namespace pilothouse::openapi

// Archives of every kind, good and bad: tar headers are written by hand, so that each byte of them
// can be wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// One member of a tar, in ustar form. What is not set is as a good archive has it.
struct tar_entry {
    std::string path;  // its first 100 bytes go into the header
    std::string data = {};
    char type = '0';
    std::string link = {};                 // the target of a link
    std::optional<std::string> size = {};  // the size field's 12 bytes, instead of data's size
    std::uint64_t modified = 1'700'000'000;
    unsigned mode = 0644;
    bool good_checksum = true;
    bool gnu = false;  // GNU's magic instead of ustar's
};

// A header and the data, padded to whole records.
[[nodiscard]] std::string tar_member(tar_entry const& entry);

// Two records of zeros.
[[nodiscard]] std::string tar_end();

// The body of a pax header, from its keys and values.
[[nodiscard]] std::string pax_records(
    std::vector<std::pair<std::string, std::string>> const& records);

[[nodiscard]] std::string gzip(std::string_view bytes, int level = 6);

// The chart of which all nasty archives are variations: the files of a good one, to be added to,
// replaced or left out.
class chart_builder {
public:
    explicit chart_builder(std::string name = "mychart", std::string version = "1.2.3");

    // Adds a file below the top folder, or replaces it.
    chart_builder& file(std::string path, std::string data);
    chart_builder& without(std::string_view path);
    chart_builder& chart_yaml(std::string text) { return file("Chart.yaml", std::move(text)); }
    // Chart.yaml with these lines behind name and version.
    chart_builder& chart_yaml_with(std::string_view lines);
    // The top folder, ending in a slash; empty for none.
    chart_builder& top(std::string folder);
    // A member as it is, behind the files.
    chart_builder& member(tar_entry entry);
    // Bytes of tar, behind the files.
    chart_builder& raw(std::string_view bytes);

    [[nodiscard]] std::string members() const;  // a tar without its end
    [[nodiscard]] std::string tar() const { return members() + tar_end(); }
    [[nodiscard]] std::string tgz() const { return gzip(tar()); }

private:
    std::string name_, version_, top_;
    std::vector<std::pair<std::string, std::string>> files_;
    std::string raw_;
};

}  // namespace pilothouse::tests

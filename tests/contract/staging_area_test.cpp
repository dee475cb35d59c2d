// The contract of storage::staging_area.
#include "storage/staging_area.hpp"

#include "tests/contract/harness.hpp"

#include <array>
#include <string>

namespace pilothouse::tests::staging_area_test {

namespace {

std::string read_all(storage::staged_file const& file, std::size_t step) {
    std::string all;
    std::string piece(step, '\0');
    while (auto const count = file.bytes().read(all.size(), piece)) all.append(piece, 0, count);
    return all;
}

std::string bytes_of_length(std::size_t length) {
    std::string bytes(length, '\0');
    for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(i * 131 + i / 251);
    return bytes;
}

}  // namespace

TEST_CASE_TEMPLATE("A staged file is what was written, whatever the pieces", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    struct row {
        std::size_t length, piece;
    };
    constexpr std::array rows{
        row{0, 1},          row{1, 1},           row{100, 7},          row{65'536, 65'536},
        row{65'537, 1'000}, row{65'536, 65'535}, row{300'000, 70'000}, row{200'000, 200'000}};
    for (auto const& r : rows) {
        CAPTURE(r.length);
        CAPTURE(r.piece);
        auto const bytes = bytes_of_length(r.length);
        auto writer = wait(stores->staging().create());
        for (std::size_t at = 0; at < bytes.size(); at += r.piece)
            wait(writer->write(std::string_view(bytes).substr(at, r.piece)));
        CHECK(writer->size_bytes() == bytes.size());

        auto const file = wait(writer->finish());
        CHECK(file.size_bytes() == bytes.size());
        CHECK(file.digest() == sha256(bytes));
        CHECK(read_all(file, 10'000) == bytes);
    }
}

TEST_CASE_TEMPLATE("Reading a staged file ends at its end", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const file = stage(*stores, "abcdef");
    std::array<char, 4> out{};
    CHECK(file.bytes().read(4, out) == 2);
    CHECK(std::string_view(out.data(), 2) == "ef");
    CHECK(file.bytes().read(6, out) == 0);
    CHECK(file.bytes().read(1'000'000, out) == 0);
}

TEST_CASE_TEMPLATE("An upload dropped half-way leaves nothing", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto writer = wait(stores->staging().create());
    wait(writer->write(bytes_of_length(200'000)));
    writer.reset();
    // the harness looks
}

TEST_CASE_TEMPLATE("A finished upload that nobody puts leaves nothing", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    (void)stage(*stores, "unwanted");
}

}  // namespace pilothouse::tests::staging_area_test

// Binds server/openapi/*.yaml at build time: openapi.json, docs.html, and a source file with both.
//
//   bind_openapi FOLDER-OF-YAML VERSION FOLDER-TO-WRITE
#include "server/openapi/bind/page.hpp"
#include "server/openapi/bind/shorthand.hpp"
#include "server/openapi/bind/yaml.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace pilothouse::openapi;

void write(fs::path const& file, std::string_view text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

// In pieces, for compilers need not take long literals.
std::string literal(std::string_view name, std::string_view text) {
    constexpr std::size_t piece_max = 16'000;
    std::string out = "std::vector<std::string_view> " + std::string(name) + "() {\n    return {\n";
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), piece_max)))
        out += "R\"~~~(" + std::string(text.substr(0, piece_max)) + ")~~~\",\n";
    return out + "    };\n}\n";
}

void bind(fs::path const& from, std::string_view version, fs::path const& to) {
    json::object shared;
    for (auto const* const name : {"schemas", "parameters", "dialects"})
        shared[name] = read_yaml(from / (std::string(name) + ".yaml"));
    binder all(read_yaml(from / "document.yaml").as_object(), std::move(shared));
    std::vector<fs::path> files;
    for (auto const& file : fs::directory_iterator(from / "paths")) files.push_back(file.path());
    std::ranges::sort(files);
    std::vector<json::object> areas;
    for (auto const& file : files) areas.push_back(read_yaml(file).as_object());
    for (auto const& area : areas) all.share(area);
    for (auto const& area : areas) all.add(area);

    auto const document = all.document(version);
    auto const text = json::serialize(document);
    auto const page = page_of(document);
    write(to / "openapi.json", text);
    write(to / "docs.html", page);
    write(to / "document.cpp",
          "#include \"server/openapi/document.hpp\"\n\n"
          "namespace pilothouse::openapi {\n\n" +
              literal("document_pieces", text) + "\n" + literal("page_pieces", page) +
              "\n}  // namespace pilothouse::openapi\n");
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 4) throw std::runtime_error("bind_openapi FOLDER-OF-YAML VERSION FOLDER-TO-WRITE");
    bind(arguments[1], arguments[2], arguments[3]);
    return 0;
} catch (std::exception const& e) {
    std::cerr << "bind_openapi: " << e.what() << '\n';
    return 1;
}

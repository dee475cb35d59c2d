#include "chart/provenance.hpp"

#include "chart/chart_metadata.hpp"
#include "chart/quote.hpp"
#include "chart/yaml_tree.hpp"

namespace pilothouse::chart {

namespace {

constexpr std::string_view message_begin = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view signature_begin = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view signature_end = "-----END PGP SIGNATURE-----";

failure invalid(std::string why) {
    return failure(errc::invalid_provenance, "The provenance file " + std::move(why) + ".");
}

// The next line without its end and the white space before that, which OpenPGP does not sign.
std::string_view take_line(std::string_view& text) {
    auto const end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    auto const last = line.find_last_not_of(" \t\r");
    return line.substr(0, last + 1);  // npos + 1 is 0
}

// The text that was signed: RFC 4880 section 7, without its header and its dash-escapes.
result<std::string> signed_text(std::string_view text) {
    std::string_view line;
    do {
        if (text.empty()) return invalid("is not a clear-signed OpenPGP message");
        line = take_line(text);
    } while (line != message_begin);
    do {
        if (text.empty()) return invalid("ends within its header");
        line = take_line(text);
    } while (!line.empty());

    std::string message;
    for (;;) {
        if (text.empty()) return invalid("has no signature");
        line = take_line(text);
        if (line == signature_begin) break;
        if (line.starts_with("- "))
            line.remove_prefix(2);
        else if (line.starts_with('-'))
            return invalid("has a line that begins with a dash and is not escaped");
        message += line;
        message += '\n';
    }
    while (!text.empty())
        if (take_line(text) == signature_end) return message;
    return invalid("has a signature without an end");
}

result<std::map<std::string, sha256_digest>> read_files(yaml_node const& root) {
    auto const found = root.fields.find("files");
    if (found == root.fields.end() || found->second->fields.empty())
        return invalid("names no files");
    std::map<std::string, sha256_digest> files;
    for (auto const& [name, value] : found->second->fields) {
        constexpr std::string_view algorithm = "sha256:";
        std::string_view const text = value->text;
        auto const digest = text.starts_with(algorithm)
                                ? sha256_digest::from_hex(text.substr(algorithm.size()))
                                : std::nullopt;
        if (!digest) return invalid("has no sha256 digest for " + chart::quoted(name));
        files.emplace(name, *digest);
    }
    return files;
}

}  // namespace

result<provenance> parse_provenance(std::string_view text) {
    if (text.size() > provenance_bytes_max)
        return invalid("is larger than " + std::to_string(provenance_bytes_max) + " bytes");
    PILOTHOUSE_TRY(auto const message, signed_text(text));
    constexpr std::string_view boundary = "\n...\n";  // between the two documents that Helm writes
    auto const end = message.find(boundary);
    if (end == message.npos)
        return invalid("has no line of three dots between its Chart.yaml and its files");
    auto const metadata = parse_chart_metadata(std::string_view(message).substr(0, end));
    if (!metadata) return invalid("does not hold a chart's metadata: " + metadata.error().detail);
    auto const sums =
        yaml_tree::parse(std::string_view(message).substr(end + boundary.size()), yaml_limits());
    if (!sums) return invalid("does not hold a list of files: " + sums.error().detail);
    PILOTHOUSE_TRY(auto files, read_files(sums->root()));
    return provenance{metadata->name, metadata->version, std::move(files)};
}

result<void> check_provenance(provenance const& p, std::string_view file_name,
                              sha256_digest const& digest) {
    auto const found = p.files.find(std::string(file_name));
    if (found == p.files.end())
        return invalid("does not speak of " + chart::quoted(file_name) + ", but of " +
                       chart::quoted(p.files.empty() ? "" : p.files.begin()->first));
    if (found->second != digest)
        return invalid("speaks of another " + chart::quoted(file_name) + ": it has sha256:" +
                       found->second.hex() + ", the archive sha256:" + digest.hex());
    return {};
}

}  // namespace pilothouse::chart

#include "index/index_form.hpp"

#include "index/json_text.hpp"
#include "index/yaml_text.hpp"

#include <stdexcept>

namespace pilothouse::index {

namespace {

// One version a line; first byte `{` (contracts: settled 1).
constexpr index_form json_form = {
    .format = index_format::json,
    .head = R"({"apiVersion":"v1","entries":{)",
    .first_chart = "\n\"",
    .next_chart = "],\n\"",
    .chart_opened = "\":[\n",
    .next_version = ",\n",
    .entries_end = "]\n}",
    .entries_none = "}",
    .generated = R"(,"generated":)",
    .context_path = R"(,"serverInfo":{"contextPath":)",
    .context_path_end = "}",
    .end = "}\n",
    .entry_name = R"({"name":")",
    .entry_version = R"(","version":")",
    .entry_digest = R"("digest":")",
};

// GitLab's order of top-level keys (contracts: gitlab Y1, Y3).
constexpr index_form yaml_form = {
    .format = index_format::yaml,
    .head = "---\napiVersion: v1\nentries:",
    .first_chart = "\n  \"",
    .next_chart = "\n  \"",
    .chart_opened = "\":\n",
    .next_version = "\n",
    .entries_end = "",
    .entries_none = " {}",
    .generated = "\ngenerated: ",
    .context_path = "\nserverInfo:\n  contextPath: ",
    .context_path_end = "",
    .end = "\n",
    .entry_name = "  - name: \"",
    .entry_version = "\"\n    version: \"",
    .entry_digest = "digest: \"",
};

}  // namespace

index_form const& form_of(index_format format) noexcept {
    return format == index_format::json ? json_form : yaml_form;
}

std::string entry_text(index_form const& form, std::string_view fragment) {
    return form.format == index_format::json ? std::string(fragment) : yaml_entry(fragment);
}

sha256_digest digest_in(index_form const& form, std::string_view entry) {
    // A quotation mark within a string is escaped, and only the URL follows the digest: the last
    // match is the one.
    std::size_t const at = entry.rfind(form.entry_digest);
    if (at != std::string_view::npos) {
        std::string_view const value = entry.substr(at + form.entry_digest.size());
        if (auto digest = sha256_digest::from_hex(value.substr(0, 2 * sha256_digest::size)))
            return *digest;
    }
    throw std::runtime_error("an entry of the index has no digest");
}

std::string joint(index_form const& form, std::string_view chart_before, std::string_view chart) {
    if (chart == chart_before) return std::string(form.next_version);
    std::string text(chart_before.empty() ? form.first_chart : form.next_chart);
    text += chart;
    text += form.chart_opened;
    return text;
}

std::string tail(index_form const& form, bool has_entries, instant generated,
                 std::string_view context_path) {
    std::string text(has_entries ? form.entries_end : form.entries_none);
    text += form.generated;
    append_quoted(text, to_rfc3339(generated));
    if (!context_path.empty()) {
        text += form.context_path;
        append_quoted(text, context_path);
        text += form.context_path_end;
    }
    text += form.end;
    return text;
}

}  // namespace pilothouse::index

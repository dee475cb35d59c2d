#include "server/cli/completion_table.hpp"

#include "server/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace pilothouse::cli {

namespace {

// What an option's type tells: a choice is written `TEXT:{one,other}`.
std::vector<candidate> values_of(CLI::Option const& option) {
    auto const type = option.get_type_name();
    if (type.starts_with(file_type)) return {{"@file", ""}};
    if (type.starts_with(folder_type)) return {{"@folder", ""}};
    auto const from = type.find('{');
    auto const to = type.find('}', std::min(from, type.size()));
    std::vector<candidate> words;
    if (to == std::string::npos) return words;
    std::string_view list(type.data() + from + 1, to - from - 1);
    while (!list.empty()) {
        auto const end = std::min(list.find(','), list.size());
        words.push_back({std::string(list.substr(0, end)), ""});
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

// One command's rows.
class reader {
public:
    reader(std::string path, std::vector<completion_row>& rows)
        : path_(std::move(path)), rows_(rows) {}

    void read(CLI::App const& app) {
        for (auto const* const option : app.get_options()) add(*option);
        for (auto const* const sub : app.get_subcommands({})) {
            if (sub->get_name().empty())
                read(*sub);  // a group of options
            else if (!sub->get_group().empty())
                below_.push_back(sub);
        }
    }
    void finish() {
        std::vector<candidate> commands;
        for (auto const* const sub : below_)
            commands.push_back({sub->get_name(), sub->get_description()});
        put("c " + path_, std::move(commands));
        put("o " + path_, std::move(options_));
        put("t " + path_, std::move(valued_));
    }
    [[nodiscard]] std::vector<CLI::App const*> const& below() const { return below_; }

private:
    void add(CLI::Option const& option) {
        if (option.get_lnames().empty()) {
            put("p " + path_ + " " + std::to_string(arguments_++), values_of(option));
            return;
        }
        auto const name = "--" + option.get_lnames().front();
        // A group of options has its own --help.
        if (std::ranges::find(options_, name, &candidate::word) != options_.end()) return;
        options_.push_back({name, option.get_description()});
        if (option.get_items_expected_max() == 0) return;
        valued_.push_back({name, ""});
        put("v " + path_ + " " + name, values_of(option));
    }
    void put(std::string key, std::vector<candidate> candidates) {
        if (!candidates.empty()) rows_.push_back({std::move(key), std::move(candidates)});
    }

    std::string path_;
    std::vector<completion_row>& rows_;
    std::vector<candidate> options_, valued_;
    std::vector<CLI::App const*> below_;
    int arguments_ = 0;
};

void read_all(CLI::App const& app, std::string const& path, std::vector<completion_row>& rows) {
    reader one(path, rows);
    one.read(app);
    one.finish();
    for (auto const* const sub : one.below())
        read_all(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), rows);
}

}  // namespace

std::vector<completion_row> completion_table(CLI::App const& root) {
    std::vector<completion_row> rows;
    read_all(root, "", rows);
    return rows;
}

}  // namespace pilothouse::cli

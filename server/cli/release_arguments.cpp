#include "server/cli/release_arguments.hpp"

#include "base/base64.hpp"
#include "server/cli/arguments.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/sent_text.hpp"

#include <CLI/CLI.hpp>

namespace pilothouse::cli {

void operation_arguments::declare(CLI::App& app) {
    declare_waiting(app, "do not wait until objects are ready");
    app.add_flag("--no-hooks", no_hooks_, "run no hooks");
}

void operation_arguments::declare_waiting(CLI::App& app, std::string const& no_wait) {
    app.add_option("--timeout", timeout_, "for each wait: 90s, 5m [as the server has it]")
        ->check(not_empty);
    app.add_flag("--no-wait", no_wait_, no_wait);
    app.add_flag("--detach", detach_, "answer as soon as it is queued");
}

void operation_arguments::declare_change(CLI::App& app) {
    app.add_flag("--wait-for-jobs", jobs_, "wait for jobs, too");
    app.add_flag("--rollback-on-failure", back_, "go back to how it was if it fails");
    app.add_flag("--force-conflicts", force_, "take over fields that somebody else set");
    app.add_flag("--namespaced-only", within_,
                 "refuse a chart with objects outside of the release's namespace");
}

void operation_arguments::append(std::vector<std::string>& to) const {
    if (!timeout_.empty()) to.insert(to.end(), {"--timeout", timeout_});
    if (no_wait_) to.emplace_back("--no-wait");
    if (no_hooks_) to.emplace_back("--no-hooks");
    if (jobs_) to.emplace_back("--wait-for-jobs");
    if (back_) to.emplace_back("--rollback-on-failure");
    if (force_) to.emplace_back("--force-conflicts");
    if (within_) to.emplace_back("--namespaced-only");
}

void value_arguments::declare(CLI::App& app) {
    app.add_option("-f,--values", files_, "a file of values, YAML; - reads them; again for more")
        ->type_name(file_type)
        ->check(not_empty);
    app.add_option("--set", pairs_,
                   "one value over the files: a.b[0]=YAML; others may see it in the list of "
                   "processes, so put secrets into a file")
        ->check(not_empty);
}

result<void> value_arguments::append(std::vector<std::string>& to) const {
    for (auto const& file : files_) {
        PILOTHOUSE_TRY(auto const text, read_sent_text(file));
        to.insert(to.end(), {"--document", encode_base64(text.reveal())});
    }
    for (auto const& pair : pairs_) to.insert(to.end(), {"--pair", encode_base64(pair)});
    return {};
}

void update_arguments::declare(CLI::App& app) {
    add_release(app, release_);
    app.add_option("VERSION", version_, "another version of its chart [as it is]")
        ->check(not_empty);
    values_.declare(app);
    app.add_flag("--reset-values", reset_, "to the chart's own, where none are named");
}

result<void> update_arguments::append(std::vector<std::string>& to) const {
    to.push_back(release_);
    if (!version_.empty()) to.insert(to.end(), {"--version", version_});
    if (reset_) to.emplace_back("--reset-values");
    return values_.append(to);
}

}  // namespace pilothouse::cli

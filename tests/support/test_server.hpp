// The whole server in the test's own process, on a port of its own, with a data folder that goes
// with it.
#pragma once

#include "server/application.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pilothouse::tests {

class test_server {
public:
    explicit test_server(settings s = {});
    ~test_server();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pilothouse::core& core() { return app_->core(); }
    [[nodiscard]] application& app() { return *app_; }
    [[nodiscard]] std::filesystem::path const& folder() const { return folder_.path(); }
    // Stops, and starts again on the same folder, on another port.
    void restart();

    // Set-up through the stores, without a request. `path`: group/name.
    storage::project_record add_project(
        std::string path, storage::visibility v,
        storage::duplicates_rule d = storage::duplicates_rule::refuse);
    storage::user_record add_user(std::string name, bool admin = false);
    void add_member(storage::project_record const& p, storage::user_record const& u,
                    storage::role r);
    // The token's text.
    std::string add_token(storage::user_record const& u, std::vector<std::string> scopes);
    std::string add_deploy_token(storage::project_record const& p, std::vector<std::string> scopes);
    std::string add_job_token(storage::project_record const& p, storage::user_record const& u);

    // One request on a connection of its own.
    http_reply request(std::string_view method, std::string const& target,
                       http_headers const& headers = {}, std::string_view body = {});
    // POST of a form to …/helm/api/CHANNEL/charts; `who` is an Authorization value or empty.
    http_reply push(std::string const& project, std::string const& channel, std::string const& who,
                    std::vector<form_field> const& fields);

private:
    void start();
    std::string add(storage::token_record t);

    temp_dir folder_;
    settings settings_;
    std::unique_ptr<application> app_;
    std::uint16_t port_ = 0;
};

}  // namespace pilothouse::tests

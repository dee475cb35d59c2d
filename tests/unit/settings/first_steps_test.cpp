// What a server says at its start.
#include "server/first_steps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace pilothouse::tests::first_steps_test {

namespace {

settings on(std::string data, std::string base_path = "") {
    settings s;
    s.data = std::move(data);
    s.base_path = std::move(base_path);
    return s;
}

// The lines that are to be typed.
std::vector<std::string> commands_in(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("  ")) lines.push_back(line.substr(2));
    return lines;
}

}  // namespace

TEST_CASE("a server that people can log in to says where it is, in one line") {
    auto const text = first_steps("http://127.0.0.1:8080", on("/srv/charts/./data"), false);
    CHECK(text.find("listens on http://127.0.0.1:8080, its data is in /srv/charts/data\n") !=
          std::string::npos);
    CHECK(std::ranges::count(text, '\n') == 1);
}

TEST_CASE("a new server also says what to type, and names everything in full") {
    auto const text = first_steps("http://[::1]:9", on("data", "/base"), true);
    auto const folder = (std::filesystem::current_path() / "data").string();
    auto const commands = commands_in(text);
    REQUIRE(commands.size() == 6);
    CHECK(commands[0].ends_with(" user create admin --admin --data " + folder));
    CHECK(commands[1].starts_with("TOKEN=$(/"));
    CHECK(commands[1].find(" token create --user admin --scope api --data " + folder + ")") !=
          std::string::npos);
    CHECK(commands[2].ends_with("project create demo/charts --visibility public --data " + folder));
    CHECK(commands[4].find("http://[::1]:9/base/api/v4/projects/demo/charts/packages/helm/"
                           "api/stable/charts") != std::string::npos);
    CHECK(text.find("curl") < text.find("curl --user"));  // what is needed is said before
    CHECK(text.find("--ca-file") == std::string::npos);
    auto const secured = first_steps("https://h:1", on("data"), true);
    CHECK(commands_in(secured).size() == 6);
    CHECK(secured.find("--ca-file") < secured.find("curl --user"));
}

TEST_CASE("a folder's name is one word for a shell, whatever is in it") {
    auto const command_for = [](std::string data) {
        return commands_in(first_steps("http://h:1", on(std::move(data)), true)).front();
    };
    CHECK(command_for("/srv/a b").ends_with(" --data '/srv/a b'"));
    CHECK(command_for("/srv/$HOME").ends_with(" --data '/srv/$HOME'"));
    CHECK(command_for("/srv/it's").ends_with(R"( --data '/srv/it'\''s')"));
    CHECK(command_for("/srv/;rm").ends_with(" --data '/srv/;rm'"));
    CHECK(command_for("/srv/a-b_c.d").ends_with(" --data /srv/a-b_c.d"));
}

}  // namespace pilothouse::tests::first_steps_test

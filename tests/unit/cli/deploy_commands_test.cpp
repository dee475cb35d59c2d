// Environments and Helm services: how they are named, configured by flags and files, and how what
// was asked of several is told.
#include "server/cli/command_link.hpp"
#include "server/cli/deploy_words.hpp"
#include "server/cli/followed_deployments.hpp"
#include "server/cli/parsed_line.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

#include <boost/json/serialize.hpp>

#include <deque>
#include <fstream>
#include <map>

namespace pilothouse::tests::deploy_commands_test {

using namespace pilothouse::cli;

namespace {

struct fixture : tests::cli_fixture {
    tests::temp_dir folder;
    storage::project_id project;

    fixture() {
        project.value = json({"project", "create", "shop/web"}).at("id").as_int64();
        storage::cluster_record c;
        c.name = "prod";
        c.created = c.updated = time.now();
        REQUIRE(run_to_end(parts->stores->clusters().create(c)));
        push("1.0.0");
        push("1.2.0");
    }
    void push(std::string version) {
        storage::catalogue_entry e;
        e.precedence_key = chart::chart_version::parse(version).value().precedence_key();
        e.file_name = "hello-" + version + ".tgz";
        e.digest = e.content = sha256(e.file_name);
        e.size_bytes = 100;
        e.created = time.now();
        e.chart = "hello";
        e.version = std::move(version);
        e.fragment = "{}";
        REQUIRE(run_to_end(parts->stores->catalogue().add(project, "stable", std::move(e),
                                                          storage::on_duplicate::refuse)));
    }
    std::string file(std::string const& name, std::string const& text) const {
        auto const path = folder.path() / name;
        std::ofstream(path) << text;
        return path.string();
    }
    // A command that reads files, with this house to answer it.
    cli_result here(std::vector<std::string> arguments);
    boost::json::value service(std::vector<std::string> words) {
        auto arguments = std::vector<std::string>{"service"};
        arguments.insert(arguments.end(), words.begin(), words.end());
        arguments.emplace_back("--json");
        auto const r = here(std::move(arguments));
        CAPTURE(r.err);
        REQUIRE(r.exit_status == 0);
        return boost::json::parse(r.out);
    }
    std::string home() {
        text({"environment", "add", "staging", "--project", "shop/web", "--cluster", "prod"});
        return "shop/web/staging";
    }
    boost::json::value with_flags(std::vector<std::string> more = {}) {
        std::vector<std::string> words{
            "add",     home(),  "--name",    "api",  "--repository", "shop/web/stable",
            "--chart", "hello", "--version", "1.0.0"};
        words.insert(words.end(), more.begin(), more.end());
        return service(std::move(words));
    }
};

class link_to final : public command_link {
public:
    explicit link_to(fixture& f) : f_(f) {}
    result<cli_result> ask(std::vector<std::string> const& arguments,
                           std::vector<attachment> const&, byte_sink const&) override {
        return f_.run(arguments);
    }

private:
    fixture& f_;
};

cli_result fixture::here(std::vector<std::string> arguments) {
    parsed_line const line(arguments);
    if (line.answer()) return *line.answer();
    link_to house(*this);
    return dynamic_cast<caller_command&>(line.command()).run_at_caller(house, line.json());
}

boost::json::value const& values_of(boost::json::value const& service, char const* kind) {
    return service.at("values_override").at(kind);
}

}  // namespace

TEST_CASE_FIXTURE(fixture, "environments are made, found by path and UUID, changed and removed") {
    auto const made = json({"environment", "add", "staging", "--project", "shop/web", "--cluster",
                            "prod", "--mode", "staging"});
    CHECK(made.at("namespace") == "shop-web-staging");
    CHECK(made.at("mode") == "staging");
    std::string const uuid(made.at("id").as_string());
    CHECK(json({"environment", "show", "shop/web/staging"}) == made);
    CHECK(json({"environment", "show", uuid}) == made);
    CHECK(json({"environment", "list"}) == boost::json::array{made});
    CHECK(json({"environment", "list", "--project", "shop/web"}) == boost::json::array{made});
    CHECK(json({"environment", "status", uuid}).as_array().empty());

    refusal(1, {"environment", "add", "staging", "--project", "shop/web", "--cluster", "prod", "-n",
                "other"});
    refusal(1, {"environment", "add", "other", "--project", "shop/web", "--cluster", "prod", "-n",
                "shop-web-staging"});
    CHECK(contains(
        refusal(1, {"environment", "add", "x", "--project", "shop/web", "--cluster", "dev"}),
        "cluster"));
    refusal(2, {"environment", "add", "x", "--project", "shop/web", "--cluster", "prod", "--mode",
                "holiday"});
    CHECK(contains(
        refusal(1, {"environment", "add", "x", "--project", "shop/web", "--cluster", "dev"}),
        "cluster list"));
    auto const odd =
        run({"environment", "add", "Odd one!", "--project", "shop/web", "--cluster", "prod"});
    CHECK(contains(odd.err, "service add " + odd.out.substr(odd.out.find('\n') + 1, 36) + " "));
    text({"environment", "remove", "shop/web/Odd one!", "--yes"});
    CHECK(contains(refusal(1, {"environment", "show", "shop/web/none"}), "environment list"));
    CHECK(contains(refusal(1, {"environment", "show", "none"}), "group/project/name"));
    CHECK(contains(refusal(1, {"environment", "show", "no/where/none"}), "project list"));
    CHECK(contains(refusal(1, {"environment", "edit", uuid}), "nothing is to be changed"));

    auto const edited =
        json({"environment", "edit", uuid, "--name", "live", "--mode", "production"});
    CHECK(edited.at("name") == "live");
    CHECK(edited.at("namespace") == "shop-web-staging");
    text({"environment", "remove", "shop/web/live", "--yes"});
    CHECK(json({"environment", "list"}).as_array().empty());
}

TEST_CASE_FIXTURE(fixture, "flags make a service's configuration") {
    auto const made = with_flags({"-f", file("a.yaml", "colour: red\n"), "--set", "a.b=1",
                                  "--set-string", "n=1=2", "--set-json", "j=[1]",
                                  "--argument=--wait", "--timeout", "5m", "--auto-deploy"});
    auto const& source = made.at("source").at("helm_repository");
    CHECK(source.at("name") == "shop/web/stable");
    CHECK(source.at("chart_name") == "hello");
    CHECK(made.at("timeout_sec") == 300);
    CHECK(made.at("auto_deploy") == true);
    CHECK(made.at("arguments") == boost::json::parse(R"(["--wait"])"));
    CHECK(values_of(made, "set") == boost::json::parse(R"([["a.b","1"]])"));
    CHECK(values_of(made, "set_string") == boost::json::parse(R"([["n","1=2"]])"));
    CHECK(values_of(made, "set_json") == boost::json::parse(R"([["j","[1]"]])"));
    auto const& files = values_of(made, "file").at("raw").at("values");
    CHECK(files.at(0).at("name") == "a.yaml");
    CHECK(files.at(0).at("content") == "colour: red\n");
    CHECK(json({"service", "show", "shop/web/staging/api"}) == made);
    CHECK(json({"service", "show", std::string(made.at("id").as_string())}) == made);
    CHECK(json({"service", "list", "shop/web/staging"}) == boost::json::array{made});
    auto const status = json({"service", "status", "shop/web/staging/api"});
    CHECK(status.at("state") == "READY");
    CHECK(status.at("service_deployment_status") == "NEVER_DEPLOYED");
    CHECK(status.at("operation_id").is_null());
    CHECK(json({"service", "history", "shop/web/staging/api"}).as_array().empty());
}

TEST_CASE_FIXTURE(fixture, "an edit changes what is named, and with a file everything") {
    auto const made = with_flags({"--set", "colour=red", "--set-json", "j=[1]", "--auto-deploy"});
    std::string const uuid(made.at("id").as_string());
    auto edited =
        service({"edit", uuid, "--version", "^1.2", "--set", "colour=blue", "--no-auto-deploy"});
    CHECK(edited.at("source").at("helm_repository").at("chart_version") == "^1.2");
    CHECK(values_of(edited, "set") == boost::json::parse(R"([["colour","blue"]])"));
    CHECK(values_of(edited, "set_json") == values_of(made, "set_json"));
    CHECK(edited.at("auto_deploy") == false);
    edited = service({"edit", uuid, "--reset-values", "--set", "size=3"});
    CHECK(values_of(edited, "set") == boost::json::parse(R"([["size","3"]])"));
    CHECK(values_of(edited, "set_json").as_array().empty());
    CHECK(here({"service", "edit", uuid}).exit_status == 2);
    // What an edit names in one list of pairs goes from the others.
    edited = service({"edit", uuid, "--set-string", "size=4", "--set-json", "other=1"});
    CHECK(values_of(edited, "set").as_array().empty());
    CHECK(values_of(edited, "set_string") == boost::json::parse(R"([["size","4"]])"));
    edited = service({"edit", uuid, "--set", "other=2"});
    CHECK(values_of(edited, "set_json").as_array().empty());
    CHECK(values_of(edited, "set_string") == boost::json::parse(R"([["size","4"]])"));
    auto const shown = text({"service", "show", uuid});
    CHECK(contains(shown, "set: other\nset as texts: size\n"));
    CHECK(contains(shown, "timeout: 600 s\n"));

    auto const whole = file("service.json", boost::json::serialize(made));
    edited = service({"edit", uuid, whole, "--name", "front"});
    CHECK(edited.at("name") == "front");
    CHECK(values_of(edited, "set") == values_of(made, "set"));
    CHECK(edited.at("auto_deploy") == true);
}

TEST_CASE_FIXTURE(fixture, "a document may be YAML, and name its channel by path") {
    auto const document =
        file("service.yaml",
             "name: api\nsource:\n  helm_repository:\n    repository: "
             "shop/web/stable\n    chart_name: hello\n    chart_version: '>=1'\n");
    auto const made = service({"add", home(), document});
    CHECK(made.at("source").at("helm_repository").at("repository").as_string().size() == 36);
    struct row {
        std::vector<std::string> words;
        int status;
        char const* said;
    };
    for (auto const& [words, status, said] :
         {row{{document}, 1, "with this name exists"},
          row{{"--name", "b"}, 1, "--repository, --chart and --version"},
          row{{"--name", "b", "--repository", "shop/web/stable", "--chart", "hello"},
              1,
              "--version says it"},
          row{{document, "--name", "b", "--version", "7.0.0"}, 1, "7.0.0"},
          row{{document, "--name", "b", "--repository", "shop/web/none"}, 1, "channel"},
          row{{document, "--name", "b", "--repository", "no/where/none"}, 1, "project list"},
          row{{document, "--name", "b", "--argument=--post-renderer=x"}, 1, "post-renderer"},
          row{{document, "--name", "b", "--set", "hunter2"}, 2, "--set takes KEY=TEXT"},
          row{{document, "--name", "b", "--timeout", "2d"}, 2, "--timeout"},
          row{{folder.path() / "none"}, 2, "cannot be read"},
          row{{file("no.yaml", "a: [")}, 1, "configuration"}}) {
        auto arguments = std::vector<std::string>{"service", "add", "shop/web/staging"};
        arguments.insert(arguments.end(), words.begin(), words.end());
        auto const r = here(arguments);
        CAPTURE(arguments.back());
        CAPTURE(r.err);
        CHECK(r.exit_status == status);
        CHECK(contains(r.err, said));
        CHECK_FALSE(contains(r.err, "hunter2"));
    }
    CHECK(json({"service", "list", "shop/web/staging"}).as_array().size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a service that was never deployed goes at once") {
    with_flags();
    CHECK(contains(here({"service", "uninstall", "shop/web/staging/api", "--yes"}).out,
                   "nothing is installed"));
    CHECK(contains(refusal(1, {"service", "show", "shop/web/staging/none"}), "service list"));
    refusal(1, {"environment", "remove", "shop/web/staging", "--yes"});
    CHECK(here({"service", "remove", "shop/web/staging/api", "--yes", "--watch"}).exit_status == 0);
    text({"environment", "remove", "shop/web/staging", "--yes"});
}

namespace {

// Answers by what is asked.
class told_link final : public command_link {
public:
    std::string asked = "[]";
    std::map<std::string, std::string> errors;  // of operations
    std::deque<std::string> histories;

    result<cli_result> ask(std::vector<std::string> const& words, std::vector<attachment> const&,
                           byte_sink const&) override {
        if (words.at(0) == "sent") return cli_result{0, asked, ""};
        if (words.at(1) == "events") return cli_result{0, "[]", ""};
        if (words.at(1) == "history") {
            if (histories.size() > 1) histories.pop_front();
            return cli_result{0, histories.front(), ""};
        }
        if (words.at(0) == "service")
            return cli_result{0, R"({"id":")" + words.at(2) + R"(","state":"SEEN"})", ""};
        return cli_result{0,
                          R"({"kind":"update","namespace":"n","name":")" + words.at(2) +
                              R"(","state":"done","error":)" + errors[words.at(2)] + "}",
                          ""};
    }
};

constexpr char const* three =
    R"([{"id":"a","name":"a","state":"DEPLOYMENT_QUEUED","operation_id":"o1"},
        {"id":"b","name":"b","state":"DEPLOYMENT_QUEUED","operation_id":"o2"},
        {"id":"c","name":"c","operation_id":null)";

}  // namespace

TEST_CASE("of several the worst is the exit status, and each is told of") {
    struct row {
        std::string first, second, third;
        int status;
    };
    std::string const failed = R"({"code":"timed_out","message":"m"})",
                      cancelled = R"({"code":"cancelled","message":"m"})",
                      refused = R"(,"refused":"not this one"}])", nothing = "}]";
    for (auto const& [first, second, third, status] :
         {row{"null", "null", nothing, 0}, row{cancelled, failed, nothing, 3},
          row{failed, cancelled, nothing, 3}, row{"null", cancelled, nothing, 4},
          row{cancelled, failed, refused, 1}}) {
        told_link house;
        house.asked = three + third;
        house.errors = {{"o1", first}, {"o2", second}};
        auto const r = ask_for_deployments(house, {"sent", "x"}, true, true);
        CAPTURE(r.err);
        CHECK(r.exit_status == status);
        auto const told = boost::json::parse(r.out);
        REQUIRE(told.as_array().size() == 3);
        CHECK(told.at(0).at("state") == "SEEN");
    }
    told_link house;
    house.asked = std::string(three) + R"(,"refused":"not this one"}])";
    auto const r = ask_for_deployments(house, {"sent", "x"}, false, false);
    CHECK(r.exit_status == 1);
    CHECK(r.out == "a: DEPLOYMENT_QUEUED\nb: DEPLOYMENT_QUEUED\n");
    CHECK(r.err == "pilothouse: c: not this one\n");
    house.asked = "[]";
    CHECK(ask_for_deployments(house, {"sent", "x"}, true, false).out ==
          "nothing of the environment is concerned\n");
}

TEST_CASE("a deployment that waits is followed when its turn has come") {
    std::string const waits = R"([{"id":"d2","operation_id":null,"finished_at":null}])";
    struct row {
        std::string then;
        int status;
    };
    for (auto const& [then, status] :
         {row{R"([{"id":"d3"},{"id":"d2","operation_id":"o2","finished_at":null}])", 4},
          row{R"([{"id":"d2","operation_id":null,"finished_at":"now"}])", 3}, row{"[]", 3}}) {
        told_link house;
        house.asked = R"({"id":"a","name":"a","operation_id":"o1","waiting_deployment":"d2"})";
        house.errors = {{"o1", "null"}, {"o2", R"({"code":"cancelled","message":"m"})"}};
        house.histories = {"", waits, then};
        CAPTURE(then);
        CHECK(ask_for_deployments(house, {"sent", "x"}, true, false).exit_status == status);
    }
}

namespace {

bool holds(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("to be cancelled is what was asked for by whoever cancels") {
    told_link house;
    house.asked = R"({"id":"a","name":"a","state":"CANCELING","operation_id":"o1"})";
    house.errors = {{"o1", R"({"code":"cancelled","message":"m"})"}};
    CHECK(ask_for_deployments(house, {"sent", "x"}, true, false).exit_status == 4);
    CHECK(ask_to_cancel(house, {"sent", "x"}, true, false).exit_status == 0);
    house.errors = {{"o1", R"({"code":"timed_out","message":"m"})"}};
    CHECK(ask_to_cancel(house, {"sent", "x"}, true, false).exit_status == 3);
}

TEST_CASE("long messages are cut in tables, and objects of a difference stand apart") {
    storage::deployment_record d;
    d.message = std::string(79, 'a') + "\u00e9 and more\nand a line";
    auto const rows = table_of(std::vector{d});
    CHECK(holds(rows, std::string(79, 'a') + "\u2026\n"));
    d.message = "short";
    CHECK(holds(table_of(std::vector{d}), "short\n"));
    CHECK(difference_for_people(
              R"([{"change":"added","kind":"A","namespace":"n","name":"a","text":"+ a\n"},)"
              R"({"change":"removed","kind":"B","namespace":"","name":"b","text":"- b\n"}])") ==
          "added A n/a\n+ a\n\nremoved B b\n- b\n");
}

TEST_CASE("whoever meets one that is busy is told the way out") {
    CHECK(holds(with_way_out({errc::busy, "Operation is in progress"}, "a/b/c/d").detail,
                "pilothouse service cancel a/b/c/d"));
    CHECK(with_way_out({errc::denied, "no"}, "a").detail == "no");
}

}  // namespace pilothouse::tests::deploy_commands_test

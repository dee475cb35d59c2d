#include "release/helm/failures.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::failures_test {

using namespace pilothouse::release::helm;

namespace {

struct row {
    errc meaning;
    char const* text;  // all of standard error
};

}  // namespace

TEST_CASE("what helm says means what the contract's table says (contracts: helm-engine 4)") {
    for (
        auto const& r : {
            // 1
            row{errc::cancelled, "Error: INSTALLATION FAILED: context canceled"},
            row{errc::cancelled,
                "Error: UPGRADE FAILED: release knob failed, and has been rolled back due to "
                "atomic being set: context canceled"},
            row{errc::cancelled,
                "Error: UPGRADE FAILED: release knob failed, and has been rolled back due to "
                "rollback-on-failure being set: context canceled"},
            // 2
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: Kubernetes cluster unreachable: the server has asked "
                "for the client to provide credentials"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: cluster reachability check failed: kubernetes cluster "
                "unreachable: the server has asked for the client to provide credentials"},
            row{errc::wrong_state,
                "Error: Kubernetes cluster unreachable: Get \"https://127.0.0.1:6443/version\": "
                "tls: failed to verify certificate: x509: certificate signed by unknown authority"},
            // 3
            row{errc::broken,
                "Error: Kubernetes cluster unreachable: error loading config file \"/proc/self/fd/"
                "3\": yaml: line 1: did not find expected node content"},
            row{errc::broken,
                "Error: Kubernetes cluster unreachable: invalid configuration: no configuration "
                "has been provided"},
            row{errc::broken,
                "Error: Kubernetes cluster unreachable: context \"x\" does not exist"},
            row{errc::broken,
                "Error: kubernetes cluster unreachable: stat /proc/self/fd/3: no such file or "
                "directory"},
            row{errc::broken,
                "Error: Kubernetes cluster unreachable: Get \"http://localhost:8080/version\": "
                "dial tcp 127.0.0.1:8080: connect: connection refused"},
            // 4
            row{errc::unavailable,
                "Error: INSTALLATION FAILED: Kubernetes cluster unreachable: Get "
                "\"https://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: connect: connection "
                "refused"},
            row{errc::unavailable,
                "Error: kubernetes cluster unreachable: Get \"https://h/version\": dial tcp: "
                "lookup h: no such host"},
            row{errc::unavailable,
                "Error: Kubernetes cluster unreachable: Get \"https://h/version\": net/http: TLS "
                "handshake timeout"},
            row{errc::unavailable,
                "Error: Kubernetes cluster unreachable: the server could not find the requested "
                "resource"},
            row{errc::unavailable,
                "Error: Kubernetes cluster unreachable: the server rejected our request for an "
                "unknown reason"},
            // 5
            row{errc::busy,
                "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in "
                "progress"},
            row{errc::busy,
                "Error: INSTALLATION FAILED: create: failed to create: release: "
                "already exists"},
            // 6
            row{errc::conflict,
                "Error: INSTALLATION FAILED: cannot re-use a name that is still in use"},
            row{errc::conflict,
                "Error: INSTALLATION FAILED: release name check failed: cannot reuse a name that "
                "is still in use"},
            // 7
            row{errc::not_found, "Error: release: not found"},
            row{errc::not_found, "Error: uninstall: Release not loaded: knob: release: not found"},
            row{errc::not_found, "Error: release has no 99 version"},
            row{errc::not_found, "Error: UPGRADE FAILED: \"knob\" has no deployed releases"},
            // 8
            row{errc::quota_full,
                "Error: INSTALLATION FAILED: configmaps \"a\" is forbidden: exceeded quota: few, "
                "requested: configmaps=1, used: configmaps=2, limited: configmaps=2"},
            // 9
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: configmaps \"a\" is forbidden: "
                "ValidatingAdmissionPolicy 'no' with binding 'no' denied request: not here"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: secrets \"sh.helm.release.v1.knob.v1\" is forbidden: "
                "unable to create new content in namespace x because it is being terminated"},
            // 10
            row{errc::unavailable,
                "Error: UPGRADE FAILED: Internal error occurred: failed calling webhook "
                "\"x.example.com\": failed to call webhook: Post \"https://x.y.svc:443/\": dial "
                "tcp 10.0.0.1:443: connect: connection refused"},
            // 11
            row{errc::denied,
                "Error: INSTALLATION FAILED: query: failed to query with labels: secrets is "
                "forbidden: User \"system:serviceaccount:a:b\" cannot list resource \"secrets\" in "
                "API group \"\" in the namespace \"a\""},
            // 12
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: values don't meet the specifications of the "
                "schema(s) in the following chart(s):\nknob:\nfailing loading "
                "\"file:///etc/passwd\": invalid character 'r'"},
            // 13
            row{errc::invalid_argument,
                "Error: INSTALLATION FAILED: values don't meet the specifications of the "
                "schema(s) in the following chart(s):\nknob:\n- at '/replicas': got string, want "
                "integer"},
            row{errc::invalid_argument,
                "Error: INSTALLATION FAILED: execution error at (knob/templates/a.yaml:1:4): say a "
                "name"},
            row{errc::invalid_argument,
                "Error: UPGRADE FAILED: template: knob/templates/a.yaml:3:8: executing "
                "\"knob/templates/a.yaml\" at <.Values.a.b>: nil pointer evaluating interface "
                "{}.b"},
            row{errc::invalid_argument,
                "Error: INSTALLATION FAILED: YAML parse error on knob/templates/a.yaml: error "
                "converting YAML to JSON: yaml: line 3: mapping values are not allowed"},
            row{errc::invalid_argument,
                "Error: INSTALLATION FAILED: failed to parse -: error unmarshaling JSON"},
            // 14
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: unable to build kubernetes objects from release "
                "manifest: resource mapping not found for name: \"a\" namespace: \"\" from \"\": "
                "no matches for kind \"Thing\" in version \"x/v1\"\nensure CRDs are installed "
                "first"},
            // 15
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: chart requires kubeVersion: >=9.0.0 which is "
                "incompatible with Kubernetes v1.33.13"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: An error occurred while checking for chart "
                "dependencies. You may need to run `helm dependency build` to fetch missing "
                "dependencies: found in Chart.yaml, but missing in charts/ directory: redis"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: library charts are not installable"},
            row{errc::wrong_state, "Error: INSTALLATION FAILED: invalid chart apiVersion: v9"},
            // 16
            row{errc::broken,
                "Error: INSTALLATION FAILED: file 'x.tgz' does not appear to be a gzipped "
                "archive; got 'text/plain; charset=utf-8'"},
            row{errc::broken, "Error: INSTALLATION FAILED: unexpected EOF"},
            row{errc::broken,
                "Error: INSTALLATION FAILED: decompressed chart is larger than the maximum file "
                "size 104857600 bytes"},
            row{errc::broken,
                "Error: INSTALLATION FAILED: chart illegally references parent directory"},
            row{errc::broken,
                "Error: INSTALLATION FAILED: unable to load chart archive: unexpected EOF"},
            row{errc::broken,
                "Error: INSTALLATION FAILED: validation: chart.metadata.name is required"},
            row{errc::broken, "Error: INSTALLATION FAILED: no Chart.yaml found in archive"},
            // 17
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: Unable to continue with install: ConfigMap \"a\" in "
                "namespace \"b\" exists and cannot be imported into the current release: invalid "
                "ownership metadata; label validation error"},
            // 18
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: create: failed to create: Secret "
                "\"sh.helm.release.v1.knob.v1\" is invalid: data: Too long: may not be more than "
                "1048576 bytes"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: create: failed to create: Request entity too large: "
                "limit is 3145728"},
            // 19
            row{errc::wrong_state,
                "Error: UPGRADE FAILED: conflict occurred while applying object a/knob apps/v1, "
                "Kind=Deployment: Apply failed with 1 conflict: conflict with \"kubectl\" using "
                "apps/v1: .spec.replicas"},
            // 20
            row{errc::wrong_state,
                "Error: UPGRADE FAILED: cannot patch \"a\" with kind Deployment: Deployment.apps "
                "\"a\" is invalid: spec.selector: Invalid value: field is immutable"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: Deployment in version \"v1\" cannot be handled as a "
                "Deployment: json: cannot unmarshal string"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: failed to create typed patch object (a/b; apps/v1, "
                "Kind=Deployment): .spec.x: field not declared in schema"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: create: failed to create: namespaces \"x\" not "
                "found"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: unable to build kubernetes objects from release "
                "manifest: error validating \"\": error validating data: unknown object type "
                "\"nil\" in ConfigMap.data.a"},
            row{errc::wrong_state, "Error: no ConfigMap with the name \"x\" found"},
            // 21
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: failed pre-install: 1 error occurred:\n\t* job "
                "knob-pre failed: BackoffLimitExceeded\n\n"},
            row{errc::wrong_state,
                "Error: INSTALLATION FAILED: failed pre-install: resource Job/a/knob-pre not "
                "ready. status: Failed, message: Job Failed. failed: 1/1"},
            row{errc::wrong_state,
                "Error: UPGRADE FAILED: resource Deployment/a/knob not ready. status: Failed, "
                "message: Progress deadline exceeded"},
            // 22
            row{errc::timed_out,
                "Error: INSTALLATION FAILED: failed pre-install: 1 error occurred:\n\t* timed out "
                "waiting for the condition\n\n"},
            row{errc::timed_out, "Error: INSTALLATION FAILED: context deadline exceeded"},
            row{errc::timed_out,
                "Error: INSTALLATION FAILED: resource Deployment/a/knob not ready. status: "
                "InProgress, message: Available: 0/1\ncontext deadline exceeded"},
            row{errc::timed_out, "Error: UPGRADE FAILED: event funnel closed: x"},
            row{errc::timed_out,
                "Error: resource ConfigMap/a/b still exists. status: Terminating, message: x"},
            row{errc::timed_out,
                "Error: INSTALLATION FAILED: release knob failed, and has been uninstalled due to "
                "atomic being set: context deadline exceeded"},
            // 23
            row{errc::unavailable,
                "Error: UPGRADE FAILED: Get \"https://127.0.0.1:1/api\": dial tcp 127.0.0.1:1: "
                "connect: connection refused"},
            row{errc::unavailable, "Error: UPGRADE FAILED: Get \"https://h/api\": EOF"},
            row{errc::unavailable, "Error: UPGRADE FAILED: read tcp 127.0.0.1:1: i/o timeout"},
            // 25
            row{errc::broken, "Error: unknown flag: --hide-nothing"},
            row{errc::broken, "Error: invalid argument \"x\" for \"--timeout\" flag"},
            row{errc::broken, "Error: failed to delete release: knob"},
            row{errc::broken, "panic: unknown driver in HELM_DRIVER: sqll"},
            row{errc::broken, "fatal error: stack overflow"},
            row{errc::broken, ""},
        }) {
        CAPTURE(r.text);
        CHECK(name_of(classify(error_part(r.text))) == name_of(r.meaning));
    }
}

TEST_CASE("of an error and that of the rollback which it caused, the first one counts") {
    std::string const begin =
        "Error: UPGRADE FAILED: an error occurred while rolling back the release. original upgrade "
        "error: ";
    for (auto const& r :
         {row{errc::timed_out, "context deadline exceeded: no ConfigMap with the name \"x\" found"},
          row{errc::timed_out,
              "resource Deployment/a/b not ready. status: InProgress, message: Available: "
              "0/1\ncontext deadline exceeded: Apply failed with 1 conflict: conflict with "
              "\"kubectl\""},
          row{errc::wrong_state,
              "resource Deployment/a/b not ready. status: Failed, message: Progress deadline "
              "exceeded: context deadline exceeded"},
          row{errc::wrong_state,
              "cannot patch \"a\": ConfigMap \"a\" is invalid: data: x: context deadline exceeded"},
          row{errc::wrong_state,
              "Kubernetes cluster unreachable: Get \"https://h\": x509: bad: context deadline "
              "exceeded"},
          row{errc::unavailable,
              "Kubernetes cluster unreachable: Get \"https://h\": connection refused: release: "
              "not found"},
          row{errc::cancelled, "context canceled: context deadline exceeded"},
          row{errc::broken, "something else: and more"}}) {
        CAPTURE(r.text);
        CHECK(name_of(classify(error_part(begin + r.text))) == name_of(r.meaning));
    }
}

TEST_CASE("the error runs from its mark to the end, whatever noise is before it") {
    CHECK(error_part("WARNING: This chart is deprecated\n"
                     "level=WARN msg=\"Error: not this\" error=\"x\"\n"
                     "I1120 15:57:53.9 7 file.go:1] x Error: nor this\n"
                     "Error: INSTALLATION FAILED: 1 error occurred:\n\t* one\n\t* two\n\n") ==
          "1 error occurred:\n\t* one\n\t* two");
    CHECK(error_part("Error: UPGRADE FAILED: INSTALLATION") == "INSTALLATION");
    CHECK(error_part("Error: Error: twice") == "Error: twice");
    CHECK(error_part("no mark") == "no mark");
    CHECK(error_part("").empty());
}

TEST_CASE("what the engine acts upon is told from the text") {
    CHECK(misses_namespace("create: failed to create: namespaces \"a\" not found", "a"));
    CHECK(!misses_namespace("create: failed to create: namespaces \"ab\" not found", "a"));
    CHECK(misses_object("no ConfigMap with the name \"x\" found"));
    CHECK(!misses_object("release: not found"));
    CHECK(uninstalled_but("uninstallation completed with 1 error(s): timed out"));
    CHECK(!uninstalled_but("failed to delete release: x"));
}

TEST_CASE("a text is shown with its lines, bounded, and without what is no text") {
    CHECK(abridged("a\n\tb\x1b[31m\x80\xc3\xa9", 100) == "a\n b [31m?\xc3\xa9");
    std::string const much = std::string(5000, 'a') + "\xc3\xa9" + std::string(5000, 'z');
    auto const less = abridged(much, 4096);
    CHECK(less.size() <= 4096);
    CHECK(less.starts_with("aaa"));
    CHECK(less.ends_with("zzz"));
    CHECK(less.find(" [...] ") != less.npos);
    std::string accents;
    for (int i = 0; i < 3000; ++i) accents += "\xc3\xa9";
    for (std::size_t n = 4090; n < 4100; ++n) {
        auto const cut = abridged(accents, n);
        CHECK(cut.size() <= n);
        CHECK(abridged(cut, 2 * n) == cut);  // still whole characters
    }
}

}  // namespace pilothouse::tests::failures_test

package walk

import (
	"os"
	"regexp"
	"strings"

	"github.com/google/uuid"
	marketplace "github.com/yandex-cloud/go-genproto/yandex/cloud/k8s/marketplace/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

func (w *walker) failures() {
	for fault, code := range map[string]codes.Code{
		"never-ready": codes.DeadlineExceeded, "pre-install": codes.FailedPrecondition,
		"refused": codes.FailedPrecondition, "render": codes.InvalidArgument,
	} {
		begun := ok(w.skipper.begin("fails-"+fault, buoy, values{"fault": fault}))
		words := w.skipper.fails(code, begun)
		if fault == "never-ready" && !strings.Contains(words, "-lamp") {
			fail("what is not ready is not named: %s", words)
		}
		release := releaseOf(begun)
		equal("status", marketplace.HelmRelease_FAILED, ok(w.skipper.get(release)).Status)
		w.skipper.remove(release)
	}
}

var conflict = regexp.MustCompile(`conflicting operation "(.+)" detected`)

func (w *walker) conflict() {
	begun := ok(w.skipper.begin("busy", buoy, values{"fault": "never-ready"}))
	release := releaseOf(begun)
	_, err := w.skipper.update(release, nextBuoy, nil)
	found := conflict.FindStringSubmatch(refused(codes.FailedPrecondition, err))
	if found == nil || found[1] != begun.Id {
		fail("the running operation %s is not named: %v", begun.Id, err)
	}
	_, err = w.skipper.begin("busy", buoy, nil)
	refused(codes.AlreadyExists, err)
	w.skipper.fails(codes.DeadlineExceeded, begun)
	mended := w.skipper.end(ok(w.skipper.update(release, nextBuoy, values{"colour": "white"})),
		&marketplace.UpdateHelmReleaseMetadata{})
	equal("status", marketplace.HelmRelease_DEPLOYED, mended.Status)
	w.skipper.remove(release)
}

func (w *walker) cancelling() {
	begun := ok(w.skipper.begin("cancelled", buoy, values{"fault": "never-ready"}))
	_, err := w.mate.cancel(begun.Id)
	refused(codes.PermissionDenied, err)
	equal("cancelled", begun.Id, ok(w.skipper.cancel(begun.Id)).Id)
	w.skipper.fails(codes.Canceled, begun)
	equal("done", true, ok(w.skipper.cancel(begun.Id)).Done)
	// Nothing is left of what Helm had not begun yet.
	if _, err := w.skipper.get(releaseOf(begun)); err != nil {
		refused(codes.NotFound, err)
		return
	}
	w.skipper.remove(releaseOf(begun))
}

func (w *walker) keys() {
	key := uuid.NewString()
	asked := w.skipper
	asked.ctx = metadata.AppendToOutgoingContext(w.ctx, "idempotency-key", key)
	begun := ok(asked.begin("once", buoy, nil))
	equal("the same", begun.Id, ok(asked.begin("once", buoy, nil)).Id)
	_, err := asked.begin("once", buoy, values{"colour": "white"})
	refused(codes.InvalidArgument, err)
	release := w.skipper.end(begun, &marketplace.InstallHelmReleaseMetadata{})
	again := ok(asked.begin("once", buoy, nil))
	equal("the same when it is done", begun.Id, again.Id)
	equal("done", false, again.Done)
	w.skipper.remove(release.Id)
}

func (w *walker) refusals() {
	for _, token := range []string{"nobody", "t1.x.y", os.Getenv("TOKEN") + "x"} {
		_, err := w.person(Token{Text: token}).get("r")
		refused(codes.Unauthenticated, err)
		_, err = w.person(Token{Text: token, Exchange: true}).get("r")
		refused(codes.Unauthenticated, err)
	}
	refusal := func(code codes.Code, _ any, err error) { refused(code, err) }
	begin := func(code codes.Code, p person, name, version string, v values) {
		_, err := p.begin(name, version, v)
		refused(code, err)
	}
	begin(codes.PermissionDenied, w.mate, "x", buoy, nil)
	begin(codes.PermissionDenied, w.person(Token{Text: os.Getenv("STRANGER_TOKEN")}), "x", buoy, nil)
	begin(codes.NotFound, w.skipper, "x", channel+"/raft@1.0.0", nil)
	begin(codes.InvalidArgument, w.skipper, "x", "", nil)
	begin(codes.InvalidArgument, w.skipper, "--debug", buoy, nil)
	begin(codes.InvalidArgument, w.skipper, "x", buoy, values{"colour": "mauve"})
	list := func(cluster string, size int64) ([]*marketplace.HelmRelease, error) {
		return w.skipper.sdk.List(w.ctx, cluster, size)
	}
	all, err := list("nowhere", 1)
	refusal(codes.NotFound, all, err)
	all, err = list(cluster, 1001)
	refusal(codes.InvalidArgument, all, err)
	release, err := w.skipper.get("r0000000000000000000")
	refusal(codes.NotFound, release, err)
	operation, err := w.skipper.operation("o0000000000000000000")
	refusal(codes.NotFound, operation, err)
}

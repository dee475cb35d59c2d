// Package walk installs releases, follows, lists, updates and uninstalls them with an SDK, and
// fails at the first answer that is not the expected one. sdk-go1 and sdk-go2 are its programs.
//
// The server is at ADDRESS; CLUSTER, CHANNEL and the tokens are those of tests/e2e/releases.sh.
package walk

import (
	"context"
	"fmt"
	"os"
	"time"

	marketplace "github.com/yandex-cloud/go-genproto/yandex/cloud/k8s/marketplace/v1"
	"github.com/yandex-cloud/go-genproto/yandex/cloud/operation"
	"google.golang.org/protobuf/proto"
)

// SDK is what the versions of the SDK do, each in its own way.
type SDK interface {
	Releases() marketplace.HelmReleaseServiceClient
	Operations() operation.OperationServiceClient
	// List collects all pages, of so many releases each.
	List(ctx context.Context, cluster string, pageSize int64) ([]*marketplace.HelmRelease, error)
	// Wait waits for the end; metadata and response are of the types that are due.
	Wait(ctx context.Context, begun *operation.Operation, metadata, response proto.Message) (proto.Message, error)
}

// Token is one that the SDK uses as it is, or exchanges first.
type Token struct {
	Text     string
	Exchange bool
}

// Connect makes an SDK for the server at this address, whose certificate the system's roots vouch for.
type Connect func(ctx context.Context, address string, token Token) (SDK, error)

// Run takes the whole walk; name is also where the releases go.
func Run(name string, connect Connect) {
	all, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	w := &walker{ctx: all, connect: connect, namespace: name + "-" + os.Getenv("HELM_VERSION")}
	w.skipper = w.person(Token{Text: os.Getenv("TOKEN")})
	w.mate = w.person(Token{Text: os.Getenv("READER_TOKEN")})
	for _, part := range []struct {
		name string
		run  func()
	}{
		{"a release's life", w.life}, {"pages", w.pages}, {"failures", w.failures},
		{"two at once", w.conflict}, {"cancelling", w.cancelling}, {"keys", w.keys},
		{"exchange", w.exchange}, {"refusals", w.refusals},
	} {
		doing = part.name
		part.run()
		fmt.Println(part.name)
	}
}

type walker struct {
	ctx           context.Context
	connect       Connect
	namespace     string
	skipper, mate person
}

func (w *walker) life() {
	begun := ok(w.skipper.begin("life", buoy, values{"colour": "green"}))
	equal("done", false, begun.Done)
	release := w.skipper.end(begun, &marketplace.InstallHelmReleaseMetadata{})
	about := &marketplace.InstallHelmReleaseMetadata{
		ClusterId: cluster, HelmReleaseId: release.Id, ProductVersionId: buoy}
	same("metadata", about, unpacked(begun.Metadata))
	equal("cluster", cluster, release.ClusterId)
	equal("name", "life", release.AppName)
	equal("namespace", w.namespace, release.AppNamespace)
	equal("version", buoy, release.ProductVersion)
	equal("product's name", "", release.ProductName)
	equal("status", marketplace.HelmRelease_DEPLOYED, release.Status)
	same("seen", release, ok(w.skipper.get(release.Id)))
	same("seen by the mate", release, ok(w.mate.get(release.Id)))

	updating := ok(w.skipper.update(release.Id, nextBuoy, values{"colour": "white"}))
	updated := w.skipper.end(updating, &marketplace.UpdateHelmReleaseMetadata{})
	equal("version", nextBuoy, updated.ProductVersion)
	equal("product", release.ProductId, updated.ProductId)
	same("time", release.CreatedAt, updated.CreatedAt)
	w.skipper.remove(release.Id)
}

func (w *walker) pages() {
	var made []string
	for _, name := range []string{"one", "two", "three"} {
		made = append(made, w.skipper.install(name, hello).Id)
	}
	for _, size := range []int64{1, 2, 1000} {
		listed := map[string]int{}
		for _, release := range ok(w.skipper.sdk.List(w.ctx, cluster, size)) {
			listed[release.Id]++
		}
		for _, id := range made {
			equal("how often it is listed", 1, listed[id])
		}
	}
	for _, id := range made {
		w.skipper.remove(id)
	}
}

func (w *walker) exchange() {
	exchanged := w.person(Token{Text: os.Getenv("TOKEN"), Exchange: true})
	release := exchanged.install("exchanged", hello)
	exchanged.remove(release.Id)
}

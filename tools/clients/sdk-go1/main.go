// Command sdk-go1 takes the walk of sdk-walk with the first version of the Go SDK.
// tests/e2e/cases/release-go.sh runs it.
package main

import (
	"context"

	marketplace "github.com/yandex-cloud/go-genproto/yandex/cloud/k8s/marketplace/v1"
	"github.com/yandex-cloud/go-genproto/yandex/cloud/operation"
	ycsdk "github.com/yandex-cloud/go-sdk"
	"google.golang.org/protobuf/proto"

	walk "pilothouse/tools/clients/sdk-walk"
)

type sdk struct{ *ycsdk.SDK }

func main() { walk.Run("go1", connect) }

func connect(ctx context.Context, address string, token walk.Token) (walk.SDK, error) {
	var credentials ycsdk.Credentials = ycsdk.NewIAMTokenCredentials(token.Text)
	if token.Exchange {
		credentials = ycsdk.OAuthToken(token.Text)
	}
	built, err := ycsdk.Build(ctx, ycsdk.Config{Endpoint: address, Credentials: credentials})
	return sdk{built}, err
}

func (s sdk) Releases() marketplace.HelmReleaseServiceClient {
	return s.KubernetesMarketplace().HelmRelease()
}

func (s sdk) Operations() operation.OperationServiceClient { return s.Operation() }

func (s sdk) List(ctx context.Context, cluster string, size int64) ([]*marketplace.HelmRelease, error) {
	return s.KubernetesMarketplace().HelmRelease().HelmReleaseIterator(ctx,
		&marketplace.ListHelmReleasesRequest{ClusterId: cluster, PageSize: size}).TakeAll()
}

// Wait leaves the types to the registry of all messages: this version asks for none.
func (s sdk) Wait(ctx context.Context, begun *operation.Operation, _, _ proto.Message) (proto.Message, error) {
	wrapped, err := s.WrapOperation(begun, nil)
	if err != nil {
		return nil, err
	}
	if err := wrapped.Wait(ctx); err != nil {
		return nil, err
	}
	return wrapped.Response()
}

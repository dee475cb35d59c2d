// Command sdk-go2 takes the walk of sdk-walk with the second version of the Go SDK: its connections,
// credentials and operations. Its typed clients of this API are no module of their own, so the calls
// are those of the stubs beneath them. tests/e2e/cases/release-go.sh runs it.
package main

import (
	"context"

	marketplace "github.com/yandex-cloud/go-genproto/yandex/cloud/k8s/marketplace/v1"
	"github.com/yandex-cloud/go-genproto/yandex/cloud/operation"
	ycsdk "github.com/yandex-cloud/go-sdk/v2"
	"github.com/yandex-cloud/go-sdk/v2/credentials"
	sdkoperation "github.com/yandex-cloud/go-sdk/v2/pkg/operation"
	"github.com/yandex-cloud/go-sdk/v2/pkg/options"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	walk "pilothouse/tools/clients/sdk-walk"
)

type sdk struct {
	releases   marketplace.HelmReleaseServiceClient
	operations operation.OperationServiceClient
}

func main() { walk.Run("go2", connect) }

func connect(ctx context.Context, address string, token walk.Token) (walk.SDK, error) {
	var shown credentials.Credentials = credentials.IAMToken(token.Text)
	if token.Exchange {
		shown = credentials.OAuthToken(token.Text)
	}
	built, err := ycsdk.Build(ctx, options.WithDiscoveryEndpoint(address), options.WithCredentials(shown))
	if err != nil {
		return nil, err
	}
	releases, err := built.GetConnection(ctx, protoreflect.FullName("yandex.cloud.k8s.marketplace.v1.HelmReleaseService"))
	if err != nil {
		return nil, err
	}
	operations, err := built.GetConnection(ctx, protoreflect.FullName("yandex.cloud.operation.OperationService"))
	if err != nil {
		return nil, err
	}
	return sdk{marketplace.NewHelmReleaseServiceClient(releases),
		operation.NewOperationServiceClient(operations)}, nil
}

func (s sdk) Releases() marketplace.HelmReleaseServiceClient { return s.releases }
func (s sdk) Operations() operation.OperationServiceClient   { return s.operations }

func (s sdk) List(ctx context.Context, cluster string, size int64) ([]*marketplace.HelmRelease, error) {
	asked := &marketplace.ListHelmReleasesRequest{ClusterId: cluster, PageSize: size}
	var all []*marketplace.HelmRelease
	for {
		page, err := s.releases.List(ctx, asked)
		if err != nil {
			return nil, err
		}
		all = append(all, page.HelmReleases...)
		if page.NextPageToken == "" {
			return all, nil
		}
		asked.PageToken = page.NextPageToken
	}
}

// Wait has this version check the types of metadata and response.
func (s sdk) Wait(ctx context.Context, begun *operation.Operation, metadata, response proto.Message) (proto.Message, error) {
	wrapped, err := sdkoperation.NewOperation(begun, &sdkoperation.Concretization{
		Poll: func(ctx context.Context, id string, opts ...grpc.CallOption) (sdkoperation.YCOperation, error) {
			return s.operations.Get(ctx, &operation.GetOperationRequest{OperationId: id}, opts...)
		},
		MetadataType: metadata,
		ResponseType: response,
	})
	if err != nil {
		return nil, err
	}
	return wrapped.Wait(ctx)
}

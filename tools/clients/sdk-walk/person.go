package walk

import (
	"context"
	"os"

	marketplace "github.com/yandex-cloud/go-genproto/yandex/cloud/k8s/marketplace/v1"
	"github.com/yandex-cloud/go-genproto/yandex/cloud/operation"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
)

var (
	cluster  = os.Getenv("CLUSTER")
	channel  = os.Getenv("CHANNEL")
	buoy     = channel + "/buoy@1.0.0"
	nextBuoy = channel + "/buoy@1.1.0"
	hello    = channel + "/hello@1.0.0"
)

type values map[string]string

func (v values) pairs() []*marketplace.ValueWithKey {
	var all []*marketplace.ValueWithKey
	for key, text := range v {
		all = append(all, &marketplace.ValueWithKey{Key: key, Value: &marketplace.Value{
			Value: &marketplace.Value_TypedValue{TypedValue: text}}})
	}
	return all
}

// person is somebody who speaks with the server through the SDK.
type person struct {
	ctx       context.Context
	sdk       SDK
	namespace string
}

func (w *walker) person(token Token) person {
	return person{w.ctx, ok(w.connect(w.ctx, os.Getenv("ADDRESS"), token)), w.namespace}
}

func (p person) begin(name, version string, v values) (*operation.Operation, error) {
	all := values{"applicationName": name, "namespace": p.namespace}
	for key, text := range v {
		all[key] = text
	}
	return p.sdk.Releases().Install(p.ctx, &marketplace.InstallHelmReleaseRequest{
		ClusterId: cluster, ProductVersionId: version, UserValues: all.pairs()})
}

func (p person) update(id, version string, v values) (*operation.Operation, error) {
	return p.sdk.Releases().Update(p.ctx, &marketplace.UpdateHelmReleaseRequest{
		Id: id, ProductVersionId: version, UserValues: v.pairs()})
}

func (p person) get(id string) (*marketplace.HelmRelease, error) {
	return p.sdk.Releases().Get(p.ctx, &marketplace.GetHelmReleaseRequest{Id: id})
}

func (p person) operation(id string) (*operation.Operation, error) {
	return p.sdk.Operations().Get(p.ctx, &operation.GetOperationRequest{OperationId: id})
}

func (p person) cancel(id string) (*operation.Operation, error) {
	return p.sdk.Operations().Cancel(p.ctx, &operation.CancelOperationRequest{OperationId: id})
}

// end waits for the good end of an install or an update.
func (p person) end(begun *operation.Operation, about proto.Message) *marketplace.HelmRelease {
	response := ok(p.sdk.Wait(p.ctx, begun, about, &marketplace.HelmRelease{}))
	return response.(*marketplace.HelmRelease)
}

func (p person) install(name, version string) *marketplace.HelmRelease {
	return p.end(ok(p.begin(name, version, nil)), &marketplace.InstallHelmReleaseMetadata{})
}

// fails waits for the bad end of an install; returns its words.
func (p person) fails(code codes.Code, begun *operation.Operation) string {
	_, err := p.sdk.Wait(p.ctx, begun, &marketplace.InstallHelmReleaseMetadata{}, &marketplace.HelmRelease{})
	refused(code, err)
	ended := ok(p.operation(begun.Id))
	equal("done", true, ended.Done)
	same("metadata", begun.Metadata, ended.Metadata)
	equal("code", int32(code), ended.GetError().GetCode())
	return ended.GetError().GetMessage()
}

func (p person) remove(id string) {
	begun := ok(p.sdk.Releases().Uninstall(p.ctx, &marketplace.UninstallHelmReleaseRequest{Id: id}))
	ok(p.sdk.Wait(p.ctx, begun, &marketplace.UninstallHelmReleaseMetadata{}, &emptypb.Empty{}))
	_, err := p.get(id)
	refused(codes.NotFound, err)
}

func unpacked(any *anypb.Any) proto.Message { return ok(any.UnmarshalNew()) }

func releaseOf(begun *operation.Operation) string {
	return unpacked(begun.Metadata).(*marketplace.InstallHelmReleaseMetadata).HelmReleaseId
}

// Calls of services that no stub is at hand for: bytes in, bytes out.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace pilothouse::tests {

inline ::grpc::ByteBuffer buffer_of(std::string const& bytes) {
    ::grpc::Slice const slice(bytes);
    return {&slice, 1};
}

inline std::string bytes_of(::grpc::ByteBuffer const& buffer) {
    std::vector<::grpc::Slice> slices;
    std::string bytes;
    if (!buffer.Dump(&slices).ok()) return bytes;
    for (auto const& slice : slices)
        bytes.append(reinterpret_cast<char const*>(slice.begin()), slice.size());
    return bytes;
}

inline void wait(::grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool ok = false;
    (void)queue.Next(&tag, &ok);
}

inline std::pair<::grpc::Status, std::string> call_raw(std::shared_ptr<::grpc::Channel> const& wire,
                                                       std::string const& method,
                                                       std::string const& request,
                                                       std::string const& token = {}) {
    ::grpc::GenericStub stub(wire);
    ::grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    ::grpc::CompletionQueue queue;
    auto const call = stub.PrepareUnaryCall(&context, method, buffer_of(request), &queue);
    call->StartCall();
    ::grpc::ByteBuffer reply;
    ::grpc::Status status;
    call->Finish(&reply, &status, nullptr);
    wait(queue);
    return {status, bytes_of(reply)};
}

// One message each way over a stream.
inline std::pair<::grpc::Status, std::string> stream_raw(
    std::shared_ptr<::grpc::Channel> const& wire, std::string const& method,
    std::string const& request) {
    ::grpc::GenericStub stub(wire);
    ::grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    ::grpc::CompletionQueue queue;
    auto const call = stub.PrepareCall(&context, method, &queue);
    call->StartCall(nullptr);
    wait(queue);
    call->Write(buffer_of(request), nullptr);
    wait(queue);
    ::grpc::ByteBuffer reply;
    call->Read(&reply, nullptr);
    wait(queue);
    call->WritesDone(nullptr);
    wait(queue);
    ::grpc::Status status;
    call->Finish(&status, nullptr);
    wait(queue);
    return {status, bytes_of(reply)};
}

}  // namespace pilothouse::tests

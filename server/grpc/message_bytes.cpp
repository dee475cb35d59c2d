#include "server/grpc/message_bytes.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <stdexcept>

namespace pilothouse::rpc {

using google::protobuf::Message;

bool read_message(::grpc::ByteBuffer bytes, Message& into) {
    return ::grpc::GenericDeserialize<::grpc::ProtoBufferReader, Message>(&bytes, &into).ok();
}

::grpc::ByteBuffer bytes_of(Message const& m) {
    ::grpc::ByteBuffer bytes;
    bool ours = false;
    if (!::grpc::GenericSerialize<::grpc::ProtoBufferWriter, Message>(m, &bytes, &ours).ok())
        throw std::logic_error("a message that cannot be written: " + m.GetTypeName());
    return bytes;
}

}  // namespace pilothouse::rpc

# The parts of HTTP that need no socket. server/http/CMakeLists.txt includes this file, and links pilothouse_http_pieces.
pilothouse_library(http_pieces
    SOURCES byte_range.cpp conditional.cpp content_negotiation.cpp entity_tag.cpp field_syntax.cpp
        form_part.cpp multipart_reader.cpp query.cpp request_head.cpp request_id.cpp
    LINKS pilothouse_base)

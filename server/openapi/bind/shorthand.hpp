// What server/openapi/*.yaml says, as an OpenAPI document. README.md beside these files has the
// rules.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <set>
#include <string>
#include <string_view>

namespace pilothouse::openapi {

class binder {
public:
    // The document without paths, and what all files of paths share: `schemas`, `parameters`,
    // `dialects`.
    binder(boost::json::object frame, boost::json::object shared);

    // What files of paths bring themselves: `schemas` and `dialects`, for all of them. Before
    // add(). Throws std::runtime_error where one comes twice.
    void share(boost::json::object const& area);

    // One file of paths. Throws std::runtime_error for what it cannot read.
    void add(boost::json::object const& area);

    // Throws std::runtime_error where a schema is named that is not there, or one that nothing
    // names.
    [[nodiscard]] boost::json::object document(std::string_view version);

private:
    [[nodiscard]] boost::json::value schema(boost::json::value const& in_short);
    [[nodiscard]] boost::json::object word(std::string name);
    void add_fields(boost::json::object const& of, boost::json::object& properties,
                    boost::json::array& required);
    [[nodiscard]] boost::json::object content(boost::json::value const& in_short);
    [[nodiscard]] boost::json::object form(boost::json::value const& in_short,
                                           boost::json::value media);
    [[nodiscard]] boost::json::object answer(std::string_view status,
                                             boost::json::value const& in_short);
    [[nodiscard]] boost::json::object operation(std::string const& path,
                                                boost::json::object const& in_short,
                                                boost::json::object const& area);
    // Of a document that this server sends.
    [[nodiscard]] boost::json::object notice(boost::json::object const& in_short,
                                             boost::json::object const& area);
    [[nodiscard]] boost::json::array parameters(std::string const& path,
                                                boost::json::object const& in_short,
                                                boost::json::object const& area);
    [[nodiscard]] boost::json::object answers(std::string const& path,
                                              boost::json::object const& in_short,
                                              std::string const& dialect);
    [[nodiscard]] boost::json::array security(boost::json::value const* needs,
                                              bool tokens_alone) const;

    boost::json::object frame_;
    boost::json::object shared_;
    boost::json::object paths_;
    boost::json::object webhooks_;
    boost::json::object named_;     // schemas, as far as somebody named them
    std::set<std::string> copied_;  // those of which another one has the fields
};

}  // namespace pilothouse::openapi

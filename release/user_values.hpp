// The values that a caller sends with an install: dotted paths and texts, made into one document.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

// `a.b[2].c`; `\.` is a dot within a segment. The text is YAML (contracts: releases 5.7).
struct user_value {
    std::string key;
    secret text;
};

// Whole documents (maps) merged as Helm merges its files of values; over them the pairs, each in
// place of what is at its path, in no order; over these the overlays, each over what came before
// it. Of overlays no key is reserved.
struct values_given {
    std::vector<user_value> pairs;
    std::vector<secret> documents;
    std::vector<user_value> overlays;
};

struct merged_values {
    std::optional<std::string> name, name_space;  // the reserved keys applicationName, namespace
    secret document;                              // one JSON object; `{}` without values
    bool empty = true;                            // no value but the reserved ones
};

// Limits: 256 pairs and as many overlays, 512 bytes a key, 64 KiB a value, 512 KiB and 10,000 nodes
// in all; paths 20 deep, values 50; indexes up to 1000. errc::invalid_argument: beyond them, a key
// twice, a path that is a value and holds others, one that is a list and a map, what is no YAML;
// the sentence names the key, or the document by its number, never the text.
[[nodiscard]] result<merged_values> merge_values(values_given const& given);

// Texts of the document that must appear in nothing that is said: those of keys that look secret
// (password, token, key, secret, credential …) and all below them, and each `value` whose `name`
// beside it looks so, of six bytes or more; of texts of several lines the lines, too. Of what is no
// JSON object: none. Each once; of too many for a redaction so many that it withholds everything.
[[nodiscard]] std::vector<std::string> secret_texts(secret const& document);

// For people: the JSON object as YAML in block style.
[[nodiscard]] secret values_as_yaml(secret const& document);

}  // namespace pilothouse::release

// Places that are known by numbers here, for clients that want UUIDs (base/uuid.hpp).
#pragma once

namespace pilothouse::deploy {

// The letter of each kind.
inline constexpr char uuid_of_channel = 'c';
inline constexpr char uuid_of_group = 'g';
inline constexpr char uuid_of_cluster = 'k';
inline constexpr char uuid_of_project = 'p';

}  // namespace pilothouse::deploy

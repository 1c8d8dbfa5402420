#pragma once

namespace enroll::enrollment {

/// What an upload is filed under that is given a connection string where no destination is configured. No destination
/// can be configured under this name. It counts for a record only as long as that record is queued for no other: what
/// was tried once in passing holds nothing back for ever.
inline constexpr const char* kOneOffDestination = "default";

} // namespace enroll::enrollment

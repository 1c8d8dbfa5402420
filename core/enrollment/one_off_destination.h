#pragma once

namespace enroll::enrollment {

/// The destination name for an upload that is given a connection string while no destination is configured.
///
/// No configured destination may have this name. Its state counts for a record only while the record is queued for no
/// other destination: a single try must not hold a record's overall state back for ever.
inline constexpr const char* kOneOffDestination = "default";

} // namespace enroll::enrollment

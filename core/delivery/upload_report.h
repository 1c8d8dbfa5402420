#pragma once

#include "core/base/error.h"
#include "core/enrollment/ids.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace enroll::delivery {

struct RejectedRecord {
    enrollment::RegistrationId registrationId;
    ErrorCode code;
    std::string headline; ///< the catalog's, English
    std::string nextStep; ///< the catalog's, English
    std::string reason;   ///< the destination's own words
};

/// A record that was refused as it might be any other (TroubleKind::RefusedAll): it is still open.
struct RefusedAlike {
    enrollment::RegistrationId registrationId;
    ErrorCode code;
    std::string reason; ///< the destination's own words
};

/// What one drain did.
struct UploadReport {
    std::size_t accepted = 0;
    std::vector<RejectedRecord> rejected;
    std::vector<RefusedAlike> refusedAlike = {}; ///< oldest first
    std::size_t rejectedEarlier =
        0;                    ///< entries that drains before this one left rejected, and nobody retried or set aside
    std::size_t setAside = 0; ///< entries that were set aside by a person
    std::size_t left = 0;     ///< entries of this destination that are still open
    std::optional<Error> stoppedBy; ///< why not everything was decided; D-141 if a stop was asked
};

/// How far a drain is. Counts are of this drain.
struct UploadProgress {
    std::size_t total = 0; ///< open entries when it began, and those that came since
    std::size_t accepted = 0;
    std::size_t rejected = 0;
    std::size_t left = 0;
    std::chrono::milliseconds waiting{0}; ///< above zero: sending continues after this time
    std::optional<Error> lastError;       ///< why it waits
};

/// Told after every call and before every wait, on the uploader's thread. Returns at once.
class UploadProgressSink {
public:
    virtual ~UploadProgressSink() = default;
    virtual void progress(const UploadProgress& progress) = 0;

protected:
    UploadProgressSink() = default;
    UploadProgressSink(const UploadProgressSink&) = default;
    UploadProgressSink& operator=(const UploadProgressSink&) = default;
};

} // namespace enroll::delivery

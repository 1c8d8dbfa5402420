#pragma once

#include "core/base/error.h"

#include <chrono>
#include <optional>

namespace enroll::delivery {

/// Why a destination did not confirm a record. The destination says it; the uploader goes by it alone.
enum class TroubleKind {
    Busy,          ///< the destination asks to be left alone for a while; nothing was done
    Unreachable,   ///< nothing got through to the destination, or nothing came of it; nothing was done
    InDoubt,       ///< something was sent and may have arrived: it is read back before it is sent again
    RefusedRecord, ///< the destination refuses this very record, and shows that it is the record's own fault
    RefusedAll,    ///< the destination refuses this record as it would any other; nothing was done
    NeedsPerson,   ///< somebody must act first (sign-in, rights, certificates, this station's files); nothing was done
};

/// What a destination met, with the error as the destination knows it.
struct Trouble {
    TroubleKind kind = TroubleKind::InDoubt;
    Error error;                                         ///< explains, and decides nothing
    std::optional<std::chrono::seconds> retryAfter = {}; ///< how long the destination asks to be left alone
    /// The code for whoever does not wait as long as that; the error's own without it.
    std::optional<ErrorCode> longWaitCode = {};
};

/// True if nothing of what was sent can lie at the destination.
bool rulesOutArrival(TroubleKind kind) noexcept;

/// True if one record alone may have caused the trouble, so that others could fare better.
bool mayLieInOneRecord(TroubleKind kind) noexcept;

/// Takes \p other into \p trouble. The kind that concerns more of the records counts, with its error, and the longest
/// wait.
void merge(Trouble& trouble, Trouble other);

} // namespace enroll::delivery

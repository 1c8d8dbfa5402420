#pragma once

#include "core/delivery/outbox.h"

#include <chrono>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace enroll::delivery {

/// Whether something that got no answer may have reached the far end all the same.
enum class Delivery { NotDelivered, InDoubt };

/// The destination confirmed that it holds this very record.
struct Accepted {
    bool operator==(const Accepted&) const = default;
};

/// The destination will not take this record as it is; sending it again would change nothing.
struct Rejected {
    ErrorCode code;     ///< U-400, U-403, U-409, …
    std::string reason; ///< English, the destination's own words where it had any
    bool operator==(const Rejected&) const = default;
};

/// The destination holds nothing under this id: the record may be sent (again).
struct Absent {
    bool operator==(const Absent&) const = default;
};

/// No verdict on this record in this call.
struct Undecided {
    Error error; ///< why; the uploader goes on or stops by its code
    std::optional<std::chrono::seconds> retryAfter = {};
    Delivery delivery = Delivery::InDoubt;
};

using SendOutcome = std::variant<Accepted, Rejected, Undecided>;
using ReadBackOutcome = std::variant<Accepted, Rejected, Absent, Undecided>;

/// True if sending again later may help: the service was busy, had a fault, could not be reached or was not understood.
/// Everything else needs a person first.
bool helpsToRetry(ErrorCode code) noexcept;

/// True if the trouble may lie in the record alone, so that others could fare better: the destination had the call and
/// failed on it, its answer was none, or it refused what was asked without deciding on the record.
bool mayLieInTheRecord(const Undecided& trouble) noexcept;

/// Where enrollment records go: a provisioning service, a database, a file.
///
/// Sending is idempotent by registration id and never overwrites. Blocks; one thread; cancelled by \p stop, which makes
/// the rest Undecided with D-141.
class Destination {
public:
    virtual ~Destination() = default;

    /// Sends the records; exactly one outcome for each entry, in order. Accepted is the destination's own word, never a
    /// guess: after a lost answer the records are Undecided and in doubt.
    virtual std::vector<SendOutcome> send(std::span<const OutboxEntry> entries, const std::stop_token& stop) = 0;

    /// Asks what the destination holds under each entry's id and compares; exactly one outcome for each entry, in
    /// order.
    virtual std::vector<ReadBackOutcome> readBack(std::span<const OutboxEntry> entries,
                                                  const std::stop_token& stop) = 0;

protected:
    Destination() = default;
    Destination(const Destination&) = default;
    Destination& operator=(const Destination&) = default;
};

} // namespace enroll::delivery

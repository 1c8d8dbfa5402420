#pragma once

#include "core/delivery/outbox.h"
#include "core/delivery/trouble.h"

#include <optional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

namespace enroll::delivery {

/// The destination confirmed that it holds this very record.
struct Accepted {
    bool operator==(const Accepted&) const = default;
};

/// The destination holds nothing under this id: the record may be sent (again).
struct Absent {
    /// Empty if the destination said so of this very id. Otherwise what it said instead, which it may say of a record
    /// that it holds as well: enough to send the record again, not enough to give it up.
    std::optional<Error> onlyInferredFrom = {};
};

using SendOutcome = std::variant<Accepted, Trouble>;
using ReadBackOutcome = std::variant<Accepted, Absent, Trouble>;

/// What a destination tells before a record leaves this station.
class Departure {
public:
    virtual ~Departure() = default;

    /// Notes, durably before it returns, that \p entries may be at the destination from now on. On the thread of send().
    /// On an error none of them may leave. Errors as Outbox::markSent().
    virtual Result<void> leaving(std::span<const OutboxEntry> entries) = 0;

protected:
    Departure() = default;
    Departure(const Departure&) = default;
    Departure& operator=(const Departure&) = default;
};

/// Where enrollment records go: a provisioning service, a database, a file.
///
/// Sending is idempotent by registration id and never overwrites. Blocks; one thread; cancelled by \p stop, which
/// leaves the rest with D-141.
///
/// A refusal is RefusedRecord, which closes the record, only where the destination shows that it would take others: it
/// compared the record with what it holds, it took other records meanwhile, or it refuses the record for the same reason for
/// which it was closed before (OutboxEntry::rejectedFor). Whatever else it says of several records alike is RefusedAll.
class Destination {
public:
    virtual ~Destination() = default;

    /// Sends the records; exactly one outcome for each entry, in order. Accepted is the destination's own word, never a
    /// guess: after a lost answer the records are in doubt. Tells \p departure of each entry before the first byte of it
    /// leaves, as late as that: an entry that no connection was found for is not noted as sent.
    virtual std::vector<SendOutcome> send(std::span<const OutboxEntry> entries, Departure& departure,
                                          const std::stop_token& stop) = 0;

    /// Asks what the destination holds under each entry's id and compares; exactly one outcome for each entry, in
    /// order. RefusedRecord: something else lies there.
    virtual std::vector<ReadBackOutcome> readBack(std::span<const OutboxEntry> entries,
                                                  const std::stop_token& stop) = 0;

    /// Asks whether the destination is there, is who it claims to be, and lets this station in: to read at least, as
    /// nothing is written. Blocks as send().
    /// \par Errors   what send() would meet; D-141
    virtual Result<void> probe(const std::stop_token& stop) = 0;

protected:
    Destination() = default;
    Destination(const Destination&) = default;
    Destination& operator=(const Destination&) = default;
};

} // namespace enroll::delivery

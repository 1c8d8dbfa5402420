#pragma once

#include "core/enrollment/enrollment_record.h"

#include <span>
#include <string>
#include <vector>

namespace enroll::delivery {

/// A record on its way to one destination.
struct OutboxEntry {
    std::int64_t id = 0; ///< grows with age: the order of sending
    enrollment::EnrollmentRecord record;
    enrollment::RecordState state = enrollment::RecordState::Queued;
    int attempts = 0;             ///< how often it was marked as sent
    std::string rejectedFor = {}; ///< the destination's reason when it last rejected it; empty if it never did
    bool operator==(const OutboxEntry&) const = default;
};

/// The destination's last word on an entry.
struct OutboxClosing {
    std::int64_t id = 0;
    enrollment::RecordState state = enrollment::RecordState::Accepted; ///< Accepted or Rejected
    std::string code;                                                  ///< "U-409"; empty if accepted
    std::string reason;                                                ///< English; empty if accepted
    bool operator==(const OutboxClosing&) const = default;
};

struct OutboxCounts {
    int queued = 0;
    int sent = 0;
    int accepted = 0;
    int rejected = 0; ///< and not set aside
    int setAside = 0;
    bool operator==(const OutboxCounts&) const = default;
};

/// The queue of one destination. Entries leave it only by close(), or are set aside by whoever has the claim. Somebody else
/// may queue a rejected entry again at any time: it is then like one that was never sent. Or set it aside, which only
/// whoever counts sees. Errors of every call:
/// S-301, S-302, S-303 (what it keeps was altered; nothing of it may be sent).
class Outbox {
public:
    virtual ~Outbox() = default;

    /// Takes the sending to this destination for this object alone, until release() or its end; holds between threads
    /// and programs. True if this object has it now; false, at once, while another has it. Who has it may ask again, to
    /// learn whether something was altered meanwhile.
    virtual Result<bool> claim() = 0;
    virtual void release() = 0;

    /// Queued and sent entries with an id above \p afterId, oldest first, at most \p most.
    virtual Result<std::vector<OutboxEntry>> pending(std::size_t most, std::int64_t afterId) = 0;

    /// Notes that these entries are about to leave this station; durable before it returns, so that a call in doubt is
    /// known to be one. Closed entries are left alone.
    virtual Result<void> markSent(std::span<const std::int64_t> ids) = 0;

    /// Writes down what the destination said; durable. An entry that is closed already keeps its first closing.
    virtual Result<void> close(std::span<const OutboxClosing> closings) = 0;

    /// Queues every record that has no entry for this destination yet; returns how many.
    virtual Result<int> enqueueMissing() = 0;

    virtual Result<OutboxCounts> counts() = 0;

protected:
    Outbox() = default;
    Outbox(const Outbox&) = default;
    Outbox& operator=(const Outbox&) = default;
};

} // namespace enroll::delivery

#pragma once

#include "core/delivery/outbox.h"
#include "core/system/file_lock.h"
#include "db/documents/outbox_document.h"
#include "db/documents/record_not_understood.h"
#include "db/journal/journal_options.h"

#include <functional>
#include <memory>
#include <optional>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::journal {

/// The outbox of one destination, inside the station's journal. Every change of an entry's state is a chain entry of
/// its own (a delivery event); the state is that of the last one. One object belongs to one thread.
class SqliteOutbox final : public delivery::Outbox {
public:
    /// What claim() asks whether the journal is unaltered.
    using Proof = std::function<Result<void>()>;

    /// Errors as SqliteJournal::open().
    static Result<std::unique_ptr<SqliteOutbox>> open(const JournalOptions& options,
                                                      enrollment::DestinationName destination, Proof proof = {});
    ~SqliteOutbox() override;

    /// Where anything is open or not queued yet, the proof is asked each time, also of who has the claim already: a record
    /// could have been forged since.
    /// Error S-303, too, if something that is open was altered: then nothing is to be sent.
    Result<bool> claim() override;
    void release() override { m_claim.reset(); }
    /// Passes over records of which this program does not understand all, or what was said of their delivery; they stay
    /// open.
    Result<std::vector<delivery::OutboxEntry>> pending(std::size_t most, std::int64_t afterId) override;
    /// These records, also those that were not queued for this destination yet.
    Result<std::vector<documents::RecordNotUnderstood>> recordsNotUnderstood();
    Result<void> markSent(std::span<const std::int64_t> ids) override;
    Result<void> close(std::span<const delivery::OutboxClosing> closings) override;
    /// A record that is set aside at any destination is left out: queueAgain() queues it here, because a person says so.
    Result<int> enqueueMissing() override;
    /// How many records enqueueMissing() leaves out.
    Result<int> leftOutAsSetAside();
    Result<delivery::OutboxCounts> counts() override;

private:
    SqliteOutbox(std::unique_ptr<sqlite::Connection> database, JournalOptions options,
                 enrollment::DestinationName destination, Proof proof);
    Result<bool> requireIntact();
    Result<void> requireProof();
    Result<std::int64_t> readPage(std::size_t most, std::int64_t afterId, std::vector<delivery::OutboxEntry>& entries);
    [[nodiscard]] Result<std::vector<documents::OutboxNote>> missing() const;
    Result<void> append(std::vector<documents::DeliveryEvent> events);

    std::unique_ptr<sqlite::Connection> m_database;
    JournalOptions m_options;
    enrollment::DestinationName m_destination;
    Proof m_proof;
    std::optional<system::FileLock> m_claim;
};

} // namespace enroll::db::journal

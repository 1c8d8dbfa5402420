#pragma once

#include "core/audit/verify_chain.h"
#include "core/enrollment/ids.h"
#include "db/sqlite/connection.h"

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace enroll::db::journal {

/// Which enrollment record has a key, a serial number or a registration id, by the documents in the hash chain. The search
/// tables decide no verdict: whoever can write the file can change or hide a row there, and a duplicate would pass.
///
/// In memory alone. The first look reads the whole chain and proves every hash; each later one what was appended since,
/// behind the hash that was proven last. So the first look takes about what reading and hashing the file takes (a second
/// for 100,000 entries, where a whole verification takes 3.5), each later one the entries of one run. A record takes some
/// 400 bytes here.
///
/// One object for a program and its journal, for all its threads. It stands for one file: after the journal was replaced,
/// cut off or written anew, every look is error S-303 until the program starts again.
class ChainRecords {
public:
    /// Reads on to the end of the chain, in a snapshot of its own.
    /// \par Errors   S-303 with the entry (the chain is altered, or is not the one that was seen before), S-340, as
    ///               sqlite::Connection
    Result<void> readOn(sqlite::Connection& database);
    /// readOn() inside a Write transaction, before anything is appended there: nobody else can append until it ends.
    Result<void> readOnInside(sqlite::Connection& database);

    // The entry of the record; nothing if no record has it. As of the last look.
    [[nodiscard]] std::optional<std::int64_t> byKey(ByteView fingerprint) const;
    [[nodiscard]] std::optional<std::int64_t> bySerial(const enrollment::SerialNumber& serial) const;
    /// Whatever the case of its letters, which a provisioning service ignores.
    [[nodiscard]] std::optional<std::int64_t> byRegistration(const enrollment::RegistrationId& id) const;
    /// By the Name in a run that passed: the one that stands before the record, committed with it, or a retest's. Of two
    /// records the first one of the Name counts.
    [[nodiscard]] std::optional<std::int64_t> byStorageRootKey(ByteView name) const;
    /// The last entry that accepted the clock (acceptClock()); 0 if there is none.
    [[nodiscard]] std::int64_t clockAccepted() const;

private:
    using Entries = std::unordered_map<std::string, std::int64_t>;

    Result<void> advance(sqlite::Connection& database);
    Result<void> requireSeen(sqlite::Connection& database);
    Result<void> take(const sqlite::Connection& database, const audit::ChainEntry& entry);
    void takeRecord(const QByteArray& record, std::int64_t seq);
    void takeRetest();
    [[nodiscard]] std::optional<std::int64_t> in(const Entries& entries, const std::string& value) const;

    mutable std::mutex m_mutex; ///< nobody who holds it waits for SQLite's write lock
    std::optional<audit::ChainVerifier> m_chain;
    Entries m_byKey;
    Entries m_bySerial;
    Entries m_byRegistration; ///< in lower case
    Entries m_byStorageRootKey;
    QByteArray m_lastRun; ///< the document of the last run that was read, until it is known whether a record follows
    std::int64_t m_clockAccepted = 0;
};

} // namespace enroll::db::journal

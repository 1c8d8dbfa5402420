#include "db/journal/chain_records.h"

#include "db/journal/bad_entry.h"
#include "db/journal/chain_row.h"
#include "db/journal/chain_store.h"
#include "db/journal/index_table.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {
namespace {

// The columns of a record's search row: index_table.cpp.
constexpr std::size_t kRegistration = 0;
constexpr std::size_t kSerial = 1;
constexpr std::size_t kFingerprint = 2;

constexpr std::size_t kRun = 3;

/// The Name of the storage root key in the document of the run \p runId; nothing if it has none, or is another run's.
///
/// Found by its bytes: the first look would take three times as long if it parsed each run. A stored document has one form,
/// with its members in order, and a quotation mark within a text has a backslash before it.
std::optional<std::string> storageRootKeyOf(const QByteArray& document, const std::string& runId)
{
    constexpr QByteArrayView kBefore{"\"storageRootKey\":{\"name\":\""};
    const auto at = document.indexOf(kBefore);
    if (at < 0 || !document.contains(QByteArray{"\"runId\":\""} + QByteArray::fromStdString(runId) + '"')) {
        return std::nullopt;
    }
    const auto name = document.mid(at + kBefore.size());
    const auto bytes = QByteArray::fromHex(name.left(name.indexOf('"')));
    return bytes.isEmpty() ? std::nullopt : std::optional{bytes.toStdString()};
}

/// As SQLite's NOCASE: the letters of ASCII alone.
std::string inLowerCase(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

} // namespace

Result<void> ChainRecords::readOn(sqlite::Connection& database)
{
    const std::lock_guard lock{m_mutex};
    // Begun with the mutex held: an older snapshot than the last one would look as if entries had been cut off.
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Snapshot));
    return advance(database);
}

Result<void> ChainRecords::readOnInside(sqlite::Connection& database)
{
    const std::lock_guard lock{m_mutex};
    return advance(database);
}

Result<void> ChainRecords::advance(sqlite::Connection& database)
{
    if (!m_chain) {
        TRY_ASSIGN(const auto id, journalId(database));
        TRY_ASSIGN(auto genesis, audit::genesisHash(id));
        m_chain.emplace(std::move(genesis));
    }
    TRY(requireSeen(database));
    TRY_ASSIGN(auto rows, chainAfter(database, m_chain->head().entries));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        if (!hasColumnTypes(row)) {
            return journalAltered(database, BadEntry{row.integer(0), row.text(1), {}, std::string{kOtherColumnTypes}});
        }
        return take(database, entryOf(row));
    }));
    TRY_ASSIGN(const auto end, storedHead(database));
    if (end != m_chain->head()) {
        return journalAltered(database, BadEntry{m_chain->head().entries + 1,
                                                 "journal",
                                                 {},
                                                 "the chain ends before it, but the journal records another end"});
    }
    return {};
}

/// Error S-303 unless the last entry that was read still stands there.
Result<void> ChainRecords::requireSeen(sqlite::Connection& database)
{
    const auto& last = m_chain->head();
    if (last.entries == 0) {
        return {};
    }
    TRY_ASSIGN(auto row, database.query("SELECT entry_hash FROM chain_entry WHERE seq = ?",
                                        {static_cast<qlonglong>(last.entries)}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there || !equalBytes(qt::viewOf(row.bytes(0)), last.hash)) {
        return journalAltered(
            database,
            BadEntry{last.entries,
                     "journal",
                     {},
                     "it is not the entry that this program read there before; if the journal was replaced on purpose, "
                     "start the program again"});
    }
    return {};
}

/// A record whose members this program cannot read is passed over; its search row still finds it.
Result<void> ChainRecords::take(const sqlite::Connection& database, const audit::ChainEntry& entry)
{
    TRY_ASSIGN(auto fault, m_chain->check(entry));
    const QByteArray body = entry.kind == kRecordKind || fault ? qt::toQByteArray(entry.body) : QByteArray{};
    if (fault) {
        return journalAltered(
            database, BadEntry{m_chain->head().entries + 1, entry.kind, entryId(entry.kind, body), std::move(*fault)});
    }
    if (entry.kind == kClockAcceptanceKind) {
        m_clockAccepted = entry.seq;
    }
    if (entry.kind == kRunKind) {
        m_lastRun = qt::toQByteArray(entry.body);
    }
    if (entry.kind == kRecordKind) {
        const auto values = indexRow(*indexTableOf(kRecordKind), body).values;
        if (values[kRegistration]) {
            m_byRegistration.emplace(inLowerCase(values[kRegistration]->toString().toStdString()), entry.seq);
        }
        if (values[kSerial]) {
            m_bySerial.emplace(values[kSerial]->toString().toStdString(), entry.seq);
        }
        if (values[kFingerprint]) {
            m_byKey.emplace(values[kFingerprint]->toByteArray().toStdString(), entry.seq);
        }
        const auto run = values[kRun] ? values[kRun]->toString().toStdString() : std::string{};
        if (const auto name = storageRootKeyOf(m_lastRun, run)) {
            m_byStorageRootKey.emplace(*name, entry.seq);
        }
    }
    return {};
}

std::optional<std::int64_t> ChainRecords::in(const Entries& entries, const std::string& value) const
{
    const std::lock_guard lock{m_mutex};
    const auto found = entries.find(value);
    return found == entries.end() ? std::nullopt : std::optional{found->second};
}

std::int64_t ChainRecords::clockAccepted() const
{
    const std::lock_guard lock{m_mutex};
    return m_clockAccepted;
}

std::optional<std::int64_t> ChainRecords::byKey(ByteView fingerprint) const
{
    return in(m_byKey, qt::toQByteArray(fingerprint).toStdString());
}

std::optional<std::int64_t> ChainRecords::byStorageRootKey(ByteView name) const
{
    return in(m_byStorageRootKey, qt::toQByteArray(name).toStdString());
}

std::optional<std::int64_t> ChainRecords::bySerial(const enrollment::SerialNumber& serial) const
{
    return in(m_bySerial, serial.text());
}

std::optional<std::int64_t> ChainRecords::byRegistration(const enrollment::RegistrationId& id) const
{
    return in(m_byRegistration, inLowerCase(id.text()));
}

} // namespace enroll::db::journal

#include "db/upload/uploader.h"

#include <algorithm>
#include <unordered_set>

namespace enroll::db::upload {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error cancelled()
{
    return makeError(ErrorCode::Cancelled, "a stop was asked", "upload");
}

std::vector<std::int64_t> idsOf(std::span<const OutboxEntry> entries)
{
    std::vector<std::int64_t> ids;
    std::ranges::transform(entries, std::back_inserter(ids), &OutboxEntry::id);
    return ids;
}

/// Why records of one pass stay open: what to wait for before the next.
struct Trouble {
    Error error;
    std::optional<seconds> retryAfter;
};

} // namespace

/// One drain under way.
class Uploader::Drain {
public:
    Drain(Uploader& uploader, const std::stop_token& stop) : m_up(uploader), m_stop(stop) {}

    UploadReport run()
    {
        if (auto done = begin(); !done) {
            m_report.stoppedBy = std::move(done).error();
        }
        while (!m_report.stoppedBy && pass() && rest()) {
        }
        countLeft();
        tell(milliseconds{0}, m_report.stoppedBy);
        return std::move(m_report);
    }

private:
    Result<void> begin()
    {
        TRY(m_up.m_outbox.enqueueMissing());
        countLeft();
        tell(milliseconds{0}, {});
        return {};
    }

    /// Goes once over everything that is open. False if the drain is over.
    bool pass()
    {
        m_trouble.reset();
        std::int64_t after = 0;
        while (!m_stop.stop_requested()) {
            auto entries = m_up.m_outbox.pending(m_up.m_options.chunk, after);
            if (!entries) {
                return stopBy(std::move(entries).error());
            }
            if (entries->empty()) {
                return true;
            }
            if (!round(std::move(entries).value(), after)) {
                return false;
            }
        }
        return stopBy(cancelled());
    }

    /// Works on one chunk and moves \p after behind it. A chunk without any verdict stays where it is: what troubled
    /// all of its records would trouble the next ones too, so the drain waits first.
    bool round(std::vector<OutboxEntry> entries, std::int64_t& after)
    {
        const auto decidedBefore = decided();
        m_roundTrouble.reset();
        if (auto done = carry(std::move(entries), after); !done) {
            return stopBy(std::move(done).error());
        }
        countLeft();
        if (!m_roundTrouble) {
            m_failures = 0;
            tell(milliseconds{0}, {});
            return true;
        }
        if (!helpsToRetry(m_roundTrouble->error.code)) {
            return stopBy(m_stop.stop_requested() ? cancelled() : std::move(m_roundTrouble->error));
        }
        if (decided() != decidedBefore) {
            m_failures = 0;
            m_trouble = std::exchange(m_roundTrouble, {});
            return true;
        }
        after = m_roundStart;
        return waitOut(*m_roundTrouble);
    }

    /// Reads back what is in doubt, then sends what is not.
    Result<void> carry(std::vector<OutboxEntry> entries, std::int64_t& after)
    {
        m_roundStart = after;
        after = entries.back().id;
        const auto doubtful =
            std::stable_partition(entries.begin(), entries.end(), [&](const auto& e) { return maySend(e); });
        TRY(readBack({doubtful, entries.end()}));
        std::erase_if(entries, [&](const auto& e) { return !maySend(e); });
        if (m_roundTrouble || entries.empty()) {
            return {};
        }
        std::ranges::sort(entries, {}, &OutboxEntry::id);
        return send(entries);
    }

    /// True for entries that cannot lie at the destination already, as far as this station is concerned.
    [[nodiscard]] bool maySend(const OutboxEntry& entry) const
    {
        return entry.state == enrollment::RecordState::Queued || m_notThere.contains(entry.id);
    }

    Result<void> readBack(std::span<const OutboxEntry> entries)
    {
        if (entries.empty()) {
            return {};
        }
        return settle(entries, m_up.m_destination.readBack(entries, m_stop));
    }

    Result<void> send(std::span<const OutboxEntry> entries)
    {
        TRY(m_up.m_outbox.markSent(idsOf(entries)));
        for (const auto& entry : entries) {
            m_notThere.erase(entry.id);
        }
        const auto outcomes = m_up.m_destination.send(entries, m_stop);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto* open = std::get_if<Undecided>(&outcomes[i]);
            if (open != nullptr && open->delivery == Delivery::NotDelivered) {
                m_notThere.insert(entries[i].id);
            }
        }
        return settle(entries, outcomes);
    }

    template <class Outcome>
    Result<void> settle(std::span<const OutboxEntry> entries, const std::vector<Outcome>& outcomes)
    {
        std::vector<OutboxClosing> closings;
        std::vector<RejectedRecord> rejected;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            std::visit([&](const auto& outcome) { note(entries[i], outcome, closings, rejected); }, outcomes[i]);
        }
        if (!closings.empty()) {
            TRY(m_up.m_outbox.close(closings));
        }
        m_report.accepted += closings.size() - rejected.size();
        std::ranges::move(rejected, std::back_inserter(m_report.rejected));
        return {};
    }

    using Closings = std::vector<OutboxClosing>;
    using RejectedRecords = std::vector<RejectedRecord>;

    static void note(const OutboxEntry& entry, const Accepted& /*accepted*/, Closings& closings,
                     RejectedRecords& /*rejected*/)
    {
        closings.push_back({entry.id, enrollment::RecordState::Accepted, {}, {}});
    }

    static void note(const OutboxEntry& entry, const Rejected& outcome, Closings& closings, RejectedRecords& rejected)
    {
        const auto& row = describe(outcome.code);
        closings.push_back({entry.id, enrollment::RecordState::Rejected, std::string{row.text}, outcome.reason});
        rejected.push_back({entry.record.registrationId, outcome.code, std::string{row.headline},
                            std::string{row.instruction}, outcome.reason});
    }

    void note(const OutboxEntry& entry, const Absent& /*absent*/, Closings& /*closings*/, RejectedRecords& /*rejected*/)
    {
        m_notThere.insert(entry.id);
    }

    /// Of several troubles, one that needs a person counts, and the longest wait.
    void note(const OutboxEntry& /*entry*/, const Undecided& outcome, Closings& /*closings*/,
              RejectedRecords& /*rejected*/)
    {
        if (!m_roundTrouble) {
            m_roundTrouble = Trouble{outcome.error, outcome.retryAfter};
            return;
        }
        m_roundTrouble->retryAfter = std::max(m_roundTrouble->retryAfter, outcome.retryAfter);
        if (helpsToRetry(m_roundTrouble->error.code)) {
            m_roundTrouble->error = outcome.error;
        }
    }

    /// Between two passes. False if the drain is over.
    bool rest()
    {
        if (m_trouble) {
            return waitOut(*m_trouble);
        }
        const auto* follow = std::get_if<FollowUntilStopped>(&m_up.m_options.mode);
        if (follow == nullptr) {
            return false;
        }
        m_up.m_waiting.waitFor(follow->poll, m_stop);
        if (auto queued = m_up.m_outbox.enqueueMissing(); !queued) {
            return stopBy(std::move(queued).error());
        }
        return true;
    }

    bool waitOut(const Trouble& trouble)
    {
        ++m_failures;
        const auto* once = std::get_if<DrainOnce>(&m_up.m_options.mode);
        if (once != nullptr && m_failures >= once->mostFailuresInARow) {
            return stopBy(trouble.error);
        }
        const auto wait = waitAfter(m_failures, trouble.retryAfter, m_up.m_options.backOff, chance());
        tell(wait, trouble.error);
        m_up.m_waiting.waitFor(wait, m_stop);
        return true;
    }

    bool stopBy(Error error)
    {
        m_report.stoppedBy = std::move(error);
        return false;
    }

    void countLeft()
    {
        const auto counts = m_up.m_outbox.counts();
        if (counts) {
            m_report.left = static_cast<std::size_t>(counts->queued + counts->sent);
        } else if (!m_report.stoppedBy) {
            m_report.stoppedBy = counts.error();
        }
    }

    [[nodiscard]] std::size_t decided() const { return m_report.accepted + m_report.rejected.size(); }

    void tell(milliseconds waiting, std::optional<Error> error)
    {
        m_up.m_sink.progress({decided() + m_report.left, m_report.accepted, m_report.rejected.size(), m_report.left,
                              waiting, std::move(error)});
    }

    Uploader& m_up;
    const std::stop_token& m_stop;
    UploadReport m_report;
    std::unordered_set<std::int64_t> m_notThere; ///< sent or read back in this drain, and known not to have arrived
    std::optional<Trouble> m_trouble;            ///< of this pass
    std::optional<Trouble> m_roundTrouble;
    std::int64_t m_roundStart = 0;
    int m_failures = 0; ///< in a row
};

Uploader::Uploader(Outbox& outbox, Destination& destination, UploadOptions options, UploadProgressSink& sink,
                   Waiting& waiting)
    : m_outbox(outbox), m_destination(destination), m_options(options), m_sink(sink), m_waiting(waiting)
{}

UploadReport Uploader::drain(const std::stop_token& stop)
{
    return Drain{*this, stop}.run();
}

} // namespace enroll::db::upload

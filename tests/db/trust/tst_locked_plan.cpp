#include "core/base/station_code.h"
#include "db/trust/locked_plan.h"
#include "tests/db/trust/stored_trust.h"

using namespace enroll;
using namespace enroll::db::trust;

namespace {

constexpr std::chrono::milliseconds kNone{0};

} // namespace

/// Who may read and change a trust store while an import is being planned.
class TstLockedPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_stored = std::make_unique<StoredTrust>();
        m_faults = 0;
    }

    void othersReadAndChangeWhileItIsPlanned()
    {
        int readings = 0;
        const auto locked = planned([&](const KnownTrust& known) {
            ++readings;
            const bool mayRead = lockForReading(m_stored->trust(), Deadline::in(kNone), {}).ok();
            const bool mayChange = lockForChange(m_stored->trust(), Deadline::in(kNone), {}).ok();
            if (!mayRead || !mayChange) {
                qCritical("the store is kept from others while the import is planned");
                ++m_faults;
            }
            return planOf(known);
        });
        QVERIFY(locked.ok());
        QCOMPARE(m_faults, 0);
        QCOMPARE(readings, 1);
        QVERIFY(locked->plan.authorities.front().change == ImportChange::Added);
    }

    void nobodyDoesOnceItIs()
    {
        const auto locked = planned([this](const KnownTrust& known) { return planOf(known); });
        QVERIFY(locked.ok());
        const auto other = lockForReading(m_stored->trust(), Deadline::in(kNone), {});
        QVERIFY(!other.ok() && other.error().code == StationCode::TrustBusy);
    }

    /// The plan goes by the store as it is when it is written to.
    void whatIsChangedMeanwhileIsPlannedByAgain()
    {
        int readings = 0;
        const auto locked = planned([&](const KnownTrust& known) {
            if (++readings == 1) {
                m_stored->put("makers", m_stored->room.root, crypto::TrustRole::Anchor);
            } else if (lockForReading(m_stored->trust(), Deadline::in(kNone), {}).ok()) {
                qCritical("the store may change again while the import is planned again");
                ++m_faults;
            }
            return planOf(known);
        });
        QVERIFY(locked.ok());
        QCOMPARE(m_faults, 0);
        QCOMPARE(readings, 2);
        QCOMPARE(locked->known.authorities.size(), std::size_t{1});
        QVERIFY(locked->plan.authorities.front().change == ImportChange::AlreadyThere);
    }

    void whoeverChangesItForLongerIsSaid()
    {
        m_stored->put("makers", m_stored->room.below);
        const auto held = lockForChange(m_stored->trust(), Deadline::in(kNone), {});
        QVERIFY(held.ok());
        const auto locked = planned([this](const KnownTrust& known) { return planOf(known); });
        QVERIFY(!locked.ok() && locked.error().code == StationCode::TrustBusy);
    }

    void aStoreThatCannotBeReadIsNotPlannedBy()
    {
        m_stored->room.write("trust/makers/odd.pem", asBytes("nonsense"));
        const auto locked = planned([this](const KnownTrust& known) {
            ++m_faults;
            return planOf(known);
        });
        QVERIFY(!locked.ok());
        QCOMPARE(m_faults, 0);
    }

private:
    [[nodiscard]] ImportPlan planOf(const KnownTrust& known) const
    {
        TrustSource source;
        source.certificates.push_back({m_stored->room.root, "maker.pem"});
        return planImport(source, "makers", known, MissingRoots::LeaveUnanchored, utcNow());
    }
    [[nodiscard]] Result<LockedPlan> planned(const Planning& planning) const
    {
        const std::string set{"makers"};
        return planThenLock(m_stored->trust(), std::span{&set, 1}, planning, kNone, {});
    }

    std::unique_ptr<StoredTrust> m_stored;
    int m_faults = 0;
};

QTEST_APPLESS_MAIN(TstLockedPlan)
#include "tst_locked_plan.moc"

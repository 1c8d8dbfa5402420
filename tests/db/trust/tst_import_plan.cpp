#include "db/trust/import_plan.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;

class TstImportPlan : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsNewFromWhatIsThere();
    void anIntermediateIsLeftUnanchoredUnlessAskedFor();
    void theTopmostBecomesTheAnchor();
    void anAnchoredIntermediateStaysOne();
    void aStoredIntermediateBecomesAnAnchor();
    void carriesOutWhatItSays();
    void saysWhichAnchorIsNoLongerNeeded();
    void saysWhatIsRevoked();
    void leavesAloneWhatANewerProgramMadeOfIt();

private:
    test::TrustRoom m_room;
    const UtcTime m_now{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};

    static TrustSource sourceOf(const std::vector<crypto::Certificate>& certificates)
    {
        TrustSource source;
        for (const auto& certificate : certificates) {
            source.certificates.push_back({certificate, "maker.pem"});
        }
        return source;
    }
    static StoredAuthority storedOne(const crypto::Certificate& certificate)
    {
        return {certificate, crypto::ownRoleOf(certificate), "makers", {}};
    }
    [[nodiscard]] ImportPlan planned(const std::vector<crypto::Certificate>& certificates,
                                     const std::vector<StoredAuthority>& stored, MissingRoots missingRoots) const
    {
        return planImport(sourceOf(certificates), "makers", {stored, {}}, missingRoots, m_now);
    }
};

void TstImportPlan::tellsNewFromWhatIsThere()
{
    const auto plan =
        planned({m_room.root, m_room.below, m_room.below}, {storedOne(m_room.root)}, MissingRoots::LeaveUnanchored);
    QCOMPARE(plan.authorities.size(), std::size_t{2});
    QVERIFY(plan.authorities[0].change == ImportChange::AlreadyThere);
    QVERIFY(plan.authorities[1].change == ImportChange::Added);
    QVERIFY(plan.authorities[1].role == crypto::TrustRole::Intermediate);
    QCOMPARE(plan.authorities[1].remarks.anchor->subject(), std::string{"CN=Root"});
}

void TstImportPlan::anIntermediateIsLeftUnanchoredUnlessAskedFor()
{
    const auto plan = planned({m_room.orphan}, {}, MissingRoots::LeaveUnanchored);
    QVERIFY(plan.authorities[0].role == crypto::TrustRole::Intermediate);
    QCOMPARE(std::string{plan.authorities[0].remarks.warnings.at(0).id}, std::string{"unanchored"});
}

void TstImportPlan::theTopmostBecomesTheAnchor()
{
    const auto lower = test::makeCertificate(test::authorityPlan("Lower", "Orphan"), m_room.key, m_room.key);
    const auto plan = planned({lower, m_room.orphan}, {}, MissingRoots::AnchorBelow);
    QVERIFY(plan.authorities[0].role == crypto::TrustRole::Intermediate);
    QVERIFY(plan.authorities[1].role == crypto::TrustRole::Anchor);
    QCOMPARE(plan.authorities[0].remarks.anchor->subject(), std::string{"CN=Orphan"});
}

void TstImportPlan::anAnchoredIntermediateStaysOne()
{
    const auto plan = planned({m_room.below}, {storedOne(m_room.root)}, MissingRoots::AnchorBelow);
    QVERIFY(plan.authorities[0].role == crypto::TrustRole::Intermediate);
}

void TstImportPlan::aStoredIntermediateBecomesAnAnchor()
{
    const auto plan = planned({m_room.orphan}, {storedOne(m_room.orphan)}, MissingRoots::AnchorBelow);
    QVERIFY(plan.authorities[0].change == ImportChange::BecomesAnchor);
    QVERIFY(plan.authorities[0].role == crypto::TrustRole::Anchor);
}

void TstImportPlan::carriesOutWhatItSays()
{
    const auto directory = m_room.path("trust");
    QVERIFY(
        carryOut(planned({m_room.root, m_room.orphan}, {}, MissingRoots::LeaveUnanchored), directory, {}, m_now).ok());
    auto stored = authoritiesOf(directory, "makers").value();
    QCOMPARE(stored.size(), std::size_t{2});
    QVERIFY(!storeOf(stored).hasPartialAnchors());
    QVERIFY(carryOut(planned({m_room.orphan}, stored, MissingRoots::AnchorBelow), directory, {stored, {}}, m_now).ok());
    stored = authoritiesOf(directory, "makers").value();
    QCOMPARE(stored.size(), std::size_t{2});
    QVERIFY(storeOf(stored).hasPartialAnchors());
    const auto again = planned({m_room.root, m_room.orphan}, stored, MissingRoots::LeaveUnanchored);
    QVERIFY(std::ranges::all_of(again.authorities,
                                [](const auto& one) { return one.change == ImportChange::AlreadyThere; }));
}

void TstImportPlan::saysWhichAnchorIsNoLongerNeeded()
{
    auto below = storedOne(m_room.below);
    below.role = crypto::TrustRole::Anchor;
    const auto plan = planned({m_room.root}, {below}, MissingRoots::LeaveUnanchored);
    QCOMPARE(plan.needlessAnchors.size(), std::size_t{1});
    QCOMPARE(plan.needlessAnchors.front().der(), m_room.below.der());
    const auto again = planned({m_room.root}, {below, storedOne(m_room.root)}, MissingRoots::LeaveUnanchored);
    QVERIFY(again.needlessAnchors.empty()); // it was said, and the list of what is trusted says it
}

void TstImportPlan::saysWhatIsRevoked()
{
    const auto list = test::makeRevocationList({.issuer = "Root", .serials = {0x1001}}, m_room.key);
    auto root = storedOne(m_room.root);
    root.set = "demo";
    const KnownTrust known{{root}, {{list, "demo", {}}}};
    const auto plan = planImport(sourceOf({m_room.below}), "makers", known, MissingRoots::AnchorBelow, m_now);
    QVERIFY(hasWarning(plan.authorities.front().remarks, "invalid-path"));
}

void TstImportPlan::leavesAloneWhatANewerProgramMadeOfIt()
{
    for (const auto& certificate : {m_room.root, m_room.orphan}) {
        auto stored = storedOne(certificate);
        stored.role = std::nullopt;
        const auto plan = planned({certificate, m_room.below}, {stored}, MissingRoots::AnchorBelow);
        QVERIFY(plan.authorities[0].change == ImportChange::AlreadyThere);
        QVERIFY(!plan.authorities[0].role);
        QVERIFY(hasWarning(plan.authorities[0].remarks, "vouches-for-nothing"));
        QVERIFY(plan.authorities[1].role == crypto::TrustRole::Anchor); // its root vouches for nothing
    }
}

QTEST_APPLESS_MAIN(TstImportPlan)
#include "tst_import_plan.moc"

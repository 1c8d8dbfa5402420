#include "core/attestation/tpm_state.h"

#include <QTest>

using namespace enroll::attestation;

namespace {

TpmState lockedOutTpm()
{
    TpmState state;
    state.lockoutPassword = true;
    state.lockedOut = true;
    state.failedTries = 3;
    state.triesAllowed = 3;
    return state;
}

} // namespace

class tst_tpm_state : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timeForgivesTriesAndLockout()
    {
        auto now = lockedOutTpm();
        QVERIFY(canHaveBecome(lockedOutTpm(), now));
        now.failedTries = 2;
        QVERIFY(canHaveBecome(lockedOutTpm(), now));
        now.lockedOut = false;
        QVERIFY(canHaveBecome(lockedOutTpm(), now));
    }

    void nothingElseChangesByItself_data()
    {
        QTest::addColumn<int>("part");
        const char* const parts[] = {"owner password", "endorsement password", "lockout password",
                                     "seed",           "storage hierarchy",    "endorsement hierarchy",
                                     "one more try",   "tries allowed",        "lockout without a try forgiven"};
        for (int part = 0; part < std::ssize(parts); ++part) {
            QTest::newRow(parts[part]) << part;
        }
    }
    void nothingElseChangesByItself()
    {
        QFETCH(const int, part);
        auto now = lockedOutTpm();
        bool* const flags[] = {&now.ownerPassword, &now.endorsementPassword, &now.lockoutPassword,
                               &now.seedMadeByTpm, &now.storageHierarchyOff, &now.endorsementHierarchyOff};
        if (part < std::ssize(flags)) {
            *flags[part] = !*flags[part];
        } else if (part == 6) {
            ++now.failedTries;
        } else if (part == 7) {
            ++now.triesAllowed;
        } else {
            now.lockedOut = false;
        }
        QVERIFY(!canHaveBecome(lockedOutTpm(), now));
    }

    void lockoutDoesNotComeByItself()
    {
        auto before = lockedOutTpm();
        before.lockedOut = false;
        auto now = lockedOutTpm();
        now.failedTries = 2;
        QVERIFY(!canHaveBecome(before, now));
    }

    void namesThoseWhoHaveAPassword()
    {
        TpmState state;
        QCOMPARE(passwordHolders(state), std::string{});
        state.endorsementPassword = true;
        QCOMPARE(passwordHolders(state), std::string{"the endorsement hierarchy"});
    }
};

QTEST_GUILESS_MAIN(tst_tpm_state)
#include "tst_tpm_state.moc"

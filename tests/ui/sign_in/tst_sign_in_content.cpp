#include "core/base/scan_code.h"
#include "ui/sign_in/sign_in_content.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using enrollment::OperatorId;
using enrollment::Person;
using station::SignIn;

namespace {

const Person kAna{OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, {}};
const Person kBen{OperatorId{"ben"}, "Ben K.", enrollment::Role::Quality, {}, enrollment::SecretHash{}};
constexpr SignIn::TimePoint kStart{1h};

bool has(const std::vector<CardRow>& rows, const QString& value)
{
    return std::ranges::any_of(rows, [&](const CardRow& row) { return row.value.contains(value); });
}

} // namespace

class SignInContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachStateOfSigningInHasItsStage()
    {
        SignIn signIn{SignIn::Need::BeforeAll, 1min};
        QVERIFY(signInSteps(signIn, {}).stage == SignInStage::Badge);
        const auto badge = signIn.begin();
        QVERIFY(signInSteps(signIn, {}).stage == SignInStage::Reading);
        QVERIFY(signInSteps(signIn, {}).person.isEmpty()); // nobody knows it yet
        QVERIFY(signIn.end(badge, kBen, kStart).ok());
        const auto asked = signInSteps(signIn, {});
        QVERIFY(asked.stage == SignInStage::Pin);
        QCOMPARE(asked.person, QStringLiteral("Ben K."));
        QVERIFY(!asked.role.isEmpty());
        QVERIFY(signInSteps(signIn, 28s).stage == SignInStage::Waiting);
        QVERIFY(signIn.beginPin(kStart).ok());
        QVERIFY(signInSteps(signIn, {}).stage == SignInStage::Checking);
        QVERIFY(closingSteps().stage == SignInStage::Closing);
    }

    void aWaitIsSaidInMinutesAndSeconds()
    {
        SignIn signIn;
        QVERIFY(signIn.end(signIn.begin(), kBen, kStart).ok());
        for (const auto& [wait, text] : {std::pair{28000ms, "0:28"}, std::pair{27001ms, "0:28"}, std::pair{1ms, "0:01"},
                                         std::pair{900'000ms, "15:00"}}) {
            QVERIFY(signInSteps(signIn, wait).heading.contains(QLatin1String(text)));
        }
    }

    void aLockedStationSaysWhoIsSignedIn()
    {
        SignIn signIn{SignIn::Need::Optional, 1min};
        QVERIFY(signIn.end(signIn.begin(), kAna, kStart).ok());
        const auto open = signInSteps(signIn, {}).hint;
        QVERIFY(signIn.passTime(kStart + 1min).locked);
        QVERIFY(signInSteps(signIn, {}).hint.contains(QStringLiteral("Ana M.")) &&
                !open.contains(QStringLiteral("Ana")));
        QVERIFY(has(cardRows({}, {}, signIn, {}, {}), QStringLiteral("Ana M.")));
        signIn.signOut();
        QVERIFY(!has(cardRows({}, {}, signIn, {}, {}), QStringLiteral("Ana M.")));
    }

    void theCardSaysWhatIsKnownAndNothingElse()
    {
        const SignIn signIn;
        const auto bare = cardRows({}, {8, 0, 0}, signIn, {}, std::nullopt);
        QCOMPARE(bare.size(), std::size_t{2}); // the station and its slots
        QVERIFY(bare.front().icon == CardRow::Icon::Tick);
        Caption caption;
        caption.order = QStringLiteral("WO-4711");
        caption.subject = QStringLiteral("Gateway-X");
        caption.caution = QStringLiteral("!");
        caption.counted = {178, QStringLiteral("tested")};
        const StationCondition stopped{StationCondition::State::Stopped, QStringLiteral("the disk is full")};
        const auto full = cardRows(stopped, {8, 3, 2}, signIn, caption, 12);
        QCOMPARE(full.size(), std::size_t{7});
        QVERIFY(full.front().icon == CardRow::Icon::Spanner);
        for (const auto* value : {"the disk is full", "3", "2", "WO-4711", "Gateway-X", "!", "178", "12"}) {
            QVERIFY2(has(full, QLatin1String(value)), value);
        }
        QVERIFY(full.back().icon == CardRow::Icon::Queued);
        QVERIFY(cardRows({}, {}, signIn, {}, 0).back().icon == CardRow::Icon::Saved);
    }

    void aWrongPinSaysHowManyTriesAreLeft()
    {
        const auto wrong = refusalRemark(makeError(ScanCode::PinWrong, "x"), 3);
        QVERIFY(wrong.code == ScanCode::PinWrong && wrong.next.contains(QLatin1Char('3')));
        const auto locked = refusalRemark(makeError(ScanCode::PinLocked, "x"), 1);
        QVERIFY(locked.code == ScanCode::PinLocked && !locked.headline.isEmpty());
        QVERIFY(!closeRemark().code && !kioskRemark().code);
    }
};

QTEST_APPLESS_MAIN(SignInContentTest)
#include "tst_sign_in_content.moc"

#include "tests/app/desktop/sign_in_scenes.h"

#include "tests/support/code_text.h"
#include "tests/ui/sign_in/sign_in_station.h"

namespace enroll::test {
namespace {

using namespace std::chrono_literals;
using namespace ui;
using State = StationCondition::State;

QStringList words()
{
    return knownWords() + QStringList{QStringLiteral("Ben K."), QStringLiteral("Line 3"), QStringLiteral("Gateway-X")};
}

void lookAtSteps(Eyes& eyes, const SignInSteps& steps, const QString& scene)
{
    SignInStepsView view(sceneTheme());
    view.resize(1088, 1080);
    view.show(steps);
    eyes.look(view, scene, words());
}

void showSteps(Eyes& eyes)
{
    station::SignIn signIn{station::SignIn::Need::Optional, 1min};
    lookAtSteps(eyes, signInSteps(signIn, {}), QStringLiteral("badge"));
    lookAtSteps(eyes, closingSteps(), QStringLiteral("closing"));
    const auto ticket = signIn.begin();
    lookAtSteps(eyes, signInSteps(signIn, {}), QStringLiteral("reading"));
    (void)signIn.end(ticket, kAna, kSignInStart);
    (void)signIn.passTime(kSignInStart + 1min);
    lookAtSteps(eyes, signInSteps(signIn, {}), QStringLiteral("locked"));
    (void)signIn.signOut();
    lookAtSteps(eyes, signInSteps(signIn, {}), QStringLiteral("locked, and nobody there"));
    (void)signIn.end(signIn.begin(), kBen, kSignInStart);
    auto steps = signInSteps(signIn, {});
    lookAtSteps(eyes, steps, QStringLiteral("PIN"));
    lookAtSteps(eyes, signInSteps(signIn, 28s), QStringLiteral("wait"));
    for (const int left : {1, 2, 4}) {
        for (const auto& row : allCodes()) {
            steps.remark = refusalRemark(sceneError(row.code), left);
            lookAtSteps(eyes, steps, textOf(row.code));
        }
    }
    for (const auto& remark : {closeRemark(), kioskRemark()}) {
        steps.remark = remark;
        lookAtSteps(eyes, steps, QStringLiteral("closing"));
    }
    (void)signIn.beginPin(kSignInStart);
    lookAtSteps(eyes, signInSteps(signIn, {}), QStringLiteral("checking"));
    PinPad pad(sceneTheme());
    pad.resize(512, 600);
    for (const std::size_t digits : {0U, 1U, 2U, 8U}) {
        pad.show(digits, digits > 3, true);
        eyes.look(pad, QStringLiteral("pad"), words());
    }
}

void showCards(Eyes& eyes)
{
    const auto version = QCoreApplication::applicationVersion();
    QCoreApplication::setApplicationVersion(QStringLiteral("2.4.1"));
    StationCard card(sceneTheme(), {QStringLiteral("ST-07"), QStringLiteral("Line 3"), {}});
    card.resize(832, 1080);
    Caption caption;
    caption.order = QStringLiteral("WO-4711");
    caption.subject = QStringLiteral("Gateway-X");
    caption.caution = QStringLiteral("4711");
    caption.counted = {178, QStringLiteral("4711")};
    station::SignIn signIn{station::SignIn::Need::Optional, 1min};
    (void)signIn.end(signIn.begin(), kAna, kSignInStart);
    for (const auto state : {State::Ready, State::Degraded, State::Stopped}) {
        for (const int count : {0, 1, 2, 8}) {
            card.show(cardRows({state, QStringLiteral("4711")}, {8, count, count}, signIn, caption, count));
            eyes.look(card, QStringLiteral("card"), words());
            card.show(cardRows({state, {}}, {count, 0, 0}, signIn, caption, count));
            eyes.look(card, QStringLiteral("card at rest"), words());
        }
        (void)signIn.passTime(kSignInStart + 1min);
    }
    QCoreApplication::setApplicationVersion(version);
}

} // namespace

void showSignInScreen(Eyes& eyes)
{
    showSteps(eyes);
    showCards(eyes);
    const SignInStation station;
    for (const auto closed : {true, false}) {
        station.screen->setEnabled(closed);
        eyes.look(*station.screen, station.screen->title(), words());
    }
    (void)station.screen->keys();
}

} // namespace enroll::test

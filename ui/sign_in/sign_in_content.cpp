#include "ui/sign_in/sign_in_content.h"

#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"
#include "ui/run/scan_messages.h"
#include "ui/run/sign_in_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SignInScreen)
};

/// "0:28": the last second counts whole.
QString waitText(std::chrono::milliseconds wait)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString badgeHint(const station::SignIn& signIn)
{
    if (!signIn.isLocked()) {
        return Words::tr("Or type its code and press Enter.");
    }
    return signIn.person() ? Words::tr("The station is locked. %1 goes on; another badge takes that place.")
                                 .arg(QString::fromStdString(signIn.person()->name))
                           : Words::tr("The station is locked.");
}

CardRow conditionRow(const StationCondition& condition)
{
    const bool ready = condition.state == StationCondition::State::Ready;
    auto value = ready                                                  ? Words::tr("Ready")
                 : condition.state == StationCondition::State::Degraded ? Words::tr("Degraded")
                                                                        : Words::tr("Stopped");
    if (!ready && !condition.reason.isEmpty()) {
        value = Words::tr("%1. %2", "the station's state, and why").arg(value, condition.reason);
    }
    return {Words::tr("Station"), value, ready ? CardRow::Icon::Tick : CardRow::Icon::Spanner};
}

CardRow slotsRow(const SlotCounts& slots)
{
    QStringList parts;
    if (slots.running > 0) {
        parts << Words::tr("%n testing", "slots", slots.running);
    }
    if (slots.needPerson > 0) {
        parts << Words::tr("%n waiting for somebody", "slots", slots.needPerson);
    }
    if (parts.isEmpty()) {
        parts << Words::tr("%n at rest", "slots", slots.slots);
    }
    return {Words::tr("Slots"), parts.join(QLatin1String(", "))};
}

} // namespace

SignInRemark refusalRemark(const Error& error, int left)
{
    SignInRemark remark{error.code, headlineText(error), instructionText(error.code)};
    if (error.code == ScanCode::PinWrong) {
        remark.next = Words::tr("%n tries are left.", nullptr, left);
    } else if (error.code == ScanCode::PinLocked) { // the heading says how long
        remark.next.clear();
    }
    return remark;
}

SignInRemark closeRemark()
{
    return {std::nullopt, Words::tr("Slots are testing."), Words::tr("Sign in to close the window.")};
}

SignInRemark kioskRemark()
{
    const auto said = kioskMessage();
    return {std::nullopt, said.headline, said.next};
}

SignInSteps signInSteps(const station::SignIn& signIn, const std::optional<std::chrono::milliseconds>& wait)
{
    SignInSteps steps;
    if (const auto& question = signIn.pinQuestion()) {
        steps.person = QString::fromStdString(question->person.name);
        steps.role = roleText(question->person.role);
        steps.stage = question->check ? SignInStage::Checking : wait ? SignInStage::Waiting : SignInStage::Pin;
        steps.heading = question->check ? Words::tr("The PIN is checked.")
                        : wait          ? Words::tr("Wait %1.", "minutes and seconds").arg(waitText(*wait))
                                        : Words::tr("Enter your PIN.");
        return steps;
    }
    steps.stage = signIn.isReading() ? SignInStage::Reading : SignInStage::Badge;
    steps.heading = signIn.isReading() ? readingBadgeMessage().headline : operatorWantedMessage().headline;
    steps.hint = signIn.isReading() ? readingBadgeMessage().next : badgeHint(signIn);
    return steps;
}

SignInSteps closingSteps()
{
    SignInSteps steps;
    steps.stage = SignInStage::Closing;
    steps.heading = Words::tr("Stopping every slot.");
    steps.hint = Words::tr("The window closes by itself.");
    return steps;
}

std::vector<CardRow> cardRows(const StationCondition& condition, const SlotCounts& slots, const station::SignIn& signIn,
                              const Caption& caption, const std::optional<int>& queued)
{
    std::vector<CardRow> rows{conditionRow(condition), slotsRow(slots)};
    if (signIn.person()) {
        const auto name = QString::fromStdString(signIn.person()->name);
        rows.push_back(
            {Words::tr("Signed in"), signIn.isLocked() ? Words::tr("%1, locked", "a person").arg(name) : name});
    }
    if (!caption.order.isEmpty()) {
        rows.push_back({Words::tr("Work order"), caption.order});
    }
    if (!caption.subject.isEmpty()) {
        rows.push_back({Words::tr("Product"), caption.subject});
    }
    if (!caption.caution.isEmpty()) {
        rows.push_back({Words::tr("Caution"), caption.caution});
    }
    if (caption.counted) {
        rows.push_back(
            {Words::tr("Shift"), Words::tr("%1 %2", "a number, and what it counts")
                                     .arg(QString::number(caption.counted->number), caption.counted->words)});
    }
    if (queued) {
        rows.push_back({Words::tr("Records"), Words::tr("%n queued", "records", *queued),
                        *queued == 0 ? CardRow::Icon::Saved : CardRow::Icon::Queued});
    }
    return rows;
}

} // namespace enroll::ui

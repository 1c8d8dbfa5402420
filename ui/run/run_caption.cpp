#include "ui/run/run_caption.h"

#include "ui/run/sign_in_messages.h"

#include <QCoreApplication>
#include <QDateTime>

namespace enroll::ui {
namespace {

struct Run {
    Q_DECLARE_TR_FUNCTIONS(RunScreen)
};

QString testsText(int tests)
{
    return tests == 1 ? Run::tr("1 test") : Run::tr("%n tests", nullptr, tests);
}

QString todayText(const DevicesTested& tested)
{
    const auto tests = testsText(tested.tests);
    return tested.number == 1
               ? Run::tr("device judged today, %1", "after the number one; how many tests").arg(tests)
               : Run::tr("devices judged today, %1", "after their number; how many tests", tested.number).arg(tests);
}

QString sinceText(const DevicesTested& tested)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(tested.since->time_since_epoch().count());
    const bool today = local.date() == QDate::currentDate();
    const auto time =
        (today ? QString() : local.toString(QStringLiteral("yyyy-MM-dd "))) + local.toString(QStringLiteral("HH:mm"));
    const auto text =
        tested.number == 1
            ? Run::tr("device judged since %1, %2", "after the number one; the shift's start, how many tests")
            : Run::tr("devices judged since %1, %2", "after their number; the shift's start, how many tests",
                      tested.number);
    return text.arg(time, testsText(tested.tests));
}

} // namespace

Caption runCaption(const StationIdentity& identity, const station::WorkOrder& order, const station::SignIn& signIn,
                   const std::optional<DevicesTested>& tested)
{
    Caption caption;
    if (order.current()) {
        caption.order = QString::fromStdString(order.current()->text());
        caption.orderRemark = order.isFromBefore() ? Run::tr("from before the restart", "a work order") : QString();
    }
    if (const auto& person = signIn.person()) {
        caption.person = QString::fromStdString(person->name);
        caption.role = roleText(person->role);
    }
    caption.subject = identity.profile;
    if (identity.softwareTpms == SoftwareTpms::Allowed) {
        caption.caution = Run::tr("Software TPMs allowed");
    }
    if (tested) {
        caption.counted = {tested->number, tested->since ? sinceText(*tested) : todayText(*tested)};
    }
    return caption;
}

} // namespace enroll::ui

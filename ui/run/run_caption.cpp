#include "ui/run/run_caption.h"

#include "ui/run/sign_in_messages.h"

#include <QCoreApplication>
#include <QDateTime>

namespace enroll::ui {
namespace {

struct Run {
    Q_DECLARE_TR_FUNCTIONS(RunScreen)
};

QString todayText(int devices)
{
    return devices == 1 ? Run::tr("device tested today", "after the number one")
                        : Run::tr("devices tested today", "after their number", devices);
}

QString sinceText(UtcTime shiftStart)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(shiftStart.time_since_epoch().count());
    const bool today = local.date() == QDate::currentDate();
    const auto time = local.toString(QStringLiteral("HH:mm"));
    return Run::tr("tested since %1", "devices, after their number; the shift's start")
        .arg(today ? time : local.toString(QStringLiteral("yyyy-MM-dd ")) + time);
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
        caption.counted = {tested->number, tested->since ? sinceText(*tested->since) : todayText(tested->number)};
    }
    return caption;
}

} // namespace enroll::ui

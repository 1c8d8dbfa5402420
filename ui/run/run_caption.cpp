#include "ui/run/run_caption.h"

#include "ui/run/sign_in_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Run {
    Q_DECLARE_TR_FUNCTIONS(RunScreen)
};

} // namespace

Caption runCaption(const StationIdentity& identity, const station::WorkOrder& order, const station::SignIn& signIn,
                   std::optional<int> devicesToday)
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
    if (devicesToday) {
        caption.counted = {*devicesToday, *devicesToday == 1
                                              ? Run::tr("device tested today", "after the number one")
                                              : Run::tr("devices tested today", "after their number", *devicesToday)};
    }
    return caption;
}

} // namespace enroll::ui

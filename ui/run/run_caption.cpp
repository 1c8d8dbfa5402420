#include "ui/run/run_caption.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Run {
    Q_DECLARE_TR_FUNCTIONS(RunScreen)
};

} // namespace

Caption runCaption(const StationIdentity& identity, const station::WorkOrder& order, std::optional<int> devicesToday)
{
    Caption caption;
    if (order.current()) {
        caption.order = QString::fromStdString(order.current()->text());
        caption.orderRemark = order.isFromBefore() ? Run::tr("from before the restart", "a work order") : QString();
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

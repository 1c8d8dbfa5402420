#include "app/desktop/refusal_box.h"

#include "app/desktop/screen_language.h"
#include "app/wiring/station_files.h"
#include "core/base/text.h"
#include "ui/model/catalog_text.h"
#include "ui/theme/type_scale.h"

#include <QPushButton>

namespace enroll::app::desktop {
namespace {

QString shown(const std::string& text)
{
    return QString::fromStdString(printableText(text));
}

} // namespace

RefusalBox::RefusalBox(const Error& error)
{
    constexpr double kText = 18; // read from where people stand
    setFont(ui::textFont(kText));
    setIcon(QMessageBox::Critical);
    setWindowTitle(productName());
    setText(tr("%1  %2", "code, headline").arg(ui::codeText(error.code), ui::headlineText(error)));
    setInformativeText(textOf(error));
    // A button of our own: the text of Qt's is translated only if Qt's translations are installed.
    auto* close = addButton(tr("Close"), QMessageBox::RejectRole);
    setDefaultButton(close);
    setEscapeButton(close);
}

void RefusalBox::offerSample(const std::filesystem::path& file)
{
    setIcon(QMessageBox::Information);
    setText(tr("This station has no configuration yet."));
    setInformativeText(
        tr("%1 is missing. A file with every key can be written there, for IT to fill in.").arg(shown(file.string())));
    auto* write = addButton(tr("Write a file to fill in"), QMessageBox::ActionRole);
    write->setAutoDefault(false);                               // the Return of a scan is no answer
    disconnect(write, &QPushButton::clicked, nullptr, nullptr); // the box would close with it
    connect(write, &QPushButton::clicked, this, [this, write, file] { write->setEnabled(!writeSample(file)); });
}

bool RefusalBox::writeSample(const std::filesystem::path& file)
{
    const auto written = wiring::writeSampleConfiguration(file);
    setIcon(written.ok() ? QMessageBox::Information : QMessageBox::Critical);
    setInformativeText(
        written.ok() ? tr("%1 was written. Fill in its slots, then start the station again.").arg(shown(file.string()))
                     : textOf(written.error()));
    return written.ok();
}

QString RefusalBox::textOf(const Error& error)
{
    return QString(ui::instructionText(error.code) + QLatin1String("\n\n") + tr("Details for IT, in English:") +
                   QLatin1Char('\n') + QString::fromStdString(describeForLog(error)));
}

} // namespace enroll::app::desktop

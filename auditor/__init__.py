"""The web app for appraisers, agencies and auditors: it shows what is stored and writes nothing."""

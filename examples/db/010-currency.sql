-- Version 2 keeps the currency of every order. The script runs once, on the stage database, while production is
-- read-only; it may be run again after a failure, so each step asks first whether it is done.
SET XACT_ABORT ON;
GO

IF COL_LENGTH(N'dbo.Orders', N'Currency') IS NULL
  ALTER TABLE dbo.Orders
    ADD Currency char(3) NOT NULL CONSTRAINT DF_Orders_Currency DEFAULT ('EUR');
GO

PRINT N'Orders have a currency.';
GO

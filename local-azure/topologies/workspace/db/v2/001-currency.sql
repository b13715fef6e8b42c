-- Version 2 of contoso orders: an order has a currency. Can be run again.
SET XACT_ABORT ON;
GO
IF COL_LENGTH(N'dbo.Orders', N'Currency') IS NULL
BEGIN
    PRINT 'Adding the currency of an order';
    ALTER TABLE [dbo].[Orders] ADD [Currency] char(3) NOT NULL CONSTRAINT [DF_Orders_Currency] DEFAULT ('EUR');
END
GO
IF OBJECT_ID(N'dbo.SchemaVersion') IS NULL
BEGIN
    BEGIN TRANSACTION;
    CREATE TABLE [dbo].[SchemaVersion] (
        [Version] int NOT NULL CONSTRAINT [PK_SchemaVersion] PRIMARY KEY,
        [AppliedAt] datetime2 NOT NULL CONSTRAINT [DF_SchemaVersion_AppliedAt] DEFAULT (SYSUTCDATETIME())
    );
    INSERT INTO [dbo].[SchemaVersion] ([Version]) VALUES (2);
    COMMIT TRANSACTION;
END
GO
